import MappingLanguage

/// Conditions read word for word, person by person, on the directory as it was made up.
struct PlainReading {
    let directory: SampleDirectory

    func isMet(_ condition: Condition, _ person: SampleDirectory.Person) -> Bool {
        switch condition {
        case .group(let reference): members(of: reference).contains(person.name)
        case .attribute: person.attributes.contains { $0.1.contains { $0.lowercased() == "boss" } }
        case .not(let part): !isMet(part, person)
        case .all(let parts): parts.allSatisfy { isMet($0, person) }
        case .any(let parts): parts.contains { isMet($0, person) }
        case .under, .person: false
        }
    }

    func members(of reference: GroupReference) -> Set<String> {
        reference.nested ? members(of: reference.text) : direct(reference.text)
    }

    /// Members of a group and of those in it.
    func members(of group: String) -> Set<String> {
        var names: Set<String> = [group]
        while true {
            let more = names.union(directory.groups.filter { names.contains($0.name) }.flatMap(\.groups))
            if more == names { break }
            names = more
        }
        return Set(directory.groups.filter { names.contains($0.name) }.flatMap(\.people))
    }

    func direct(_ group: String) -> Set<String> {
        Set(directory.groups.filter { $0.name == group }.flatMap(\.people))
    }

    /// Whether names of groups are a way from the person up to a group: a member of the first, each in the next.
    func isWay(_ chain: [String], from person: String, to reference: GroupReference) -> Bool {
        guard let first = chain.first, chain.last == reference.text, direct(first).contains(person) else {
            return false
        }
        if !reference.nested, chain.count > 1 { return false }
        return zip(chain, chain.dropFirst()).allSatisfy { inner, outer in
            directory.groups.contains { $0.name == outer && $0.groups.contains(inner) }
        }
    }
}

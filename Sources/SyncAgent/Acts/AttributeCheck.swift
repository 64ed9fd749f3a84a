import Diagnostics
import DirectoryModel

/// Finds attributes of the configuration that a directory does not know, or that nobody in it has.
struct AttributeCheck {
    let mentions: [AttributeMention]
    private var unknown: [AttributeMention] = []
    private(set) var warnings: [Diagnostic] = []

    init(_ mentions: [AttributeMention]) { self.mentions = mentions }

    /// `known` are the names in the directory's schema.
    mutating func check(_ directory: String, known: [String]) {
        let names = Set(known.map { $0.lowercased() })
        for mention in mentions where mention.directory == directory && !names.contains(mention.name.lowercased()) {
            unknown.append(mention)
            warnings.append(
                Diagnostic(
                    .warning, "directory.unknown-attribute", at: mention.position,
                    "the server's schema has no attribute `\(mention.name)`",
                    hint: NearestName.of(mention.name, in: known).map { "did you mean `\($0)`?" }
                        ?? "correct the name; nobody can have it as it is"))
        }
    }

    /// Looks for trusted attributes and aliases that nobody shows; one that the schema lacks is told already.
    mutating func check(_ mirror: Mirror) {
        for (place, directory) in mirror.directories.enumerated() {
            let mine = mentions.filter { $0.directory == directory }
            let here = mine.filter { !unknown.contains($0) && !isMark($0, mine) }
            let tags = here.map { AttributeCheck.tag(of: $0, in: mirror) }
            let (missing, people) = mirror.unseen(Set(tags.compactMap { $0 }), in: place)
            for (mention, tag) in zip(here, tags) {
                guard let tag, missing.contains(tag) else { continue }
                warnings.append(
                    Diagnostic(
                        .warning, "directory.attribute-of-nobody", at: mention.position,
                        "none of \(people) people shows the attribute `\(mention.name)`",
                        hint: "correct its name, let the bind account read it, or leave it out"))
            }
        }
    }

    /// Whether the attribute is also what marks the disabled: in a good week, nobody has it.
    private func isMark(_ mention: AttributeMention, _ all: [AttributeMention]) -> Bool {
        all.contains { $0.use == .field && $0.name.lowercased() == mention.name.lowercased() }
    }

    private static func tag(of mention: AttributeMention, in mirror: Mirror) -> UInt8? {
        switch mention.use {
        case .field, .filter: return nil
        case .alias: return PersonField.alias.tag
        case .trusted:
            return mirror.attributes.firstIndex(of: mention.name.lowercased()).map {
                PersonField.attribute(UInt8(truncatingIfNeeded: $0)).tag
            }
        }
    }
}

extension Mirror {
    /// Which of the fields nobody of a directory has, and how many people there are; it stops as soon as each was seen.
    func unseen(_ tags: Set<UInt8>, in directory: Int) -> (tags: Set<UInt8>, people: Int) {
        var missing = tags
        for place in people.indices where !missing.isEmpty && Int(people[place].directory) == directory {
            record(PersonIndex(place)).forEachField { tag, _ in missing.remove(tag) }
        }
        return (missing, missing.isEmpty ? 0 : people.count { Int($0.directory) == directory })
    }
}

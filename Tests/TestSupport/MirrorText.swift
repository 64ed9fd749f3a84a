package import DirectoryModel

/// A mirror as text, the same for mirrors with the same content whatever order they were read in.
package enum MirrorText {
    package static func lines(_ mirror: Mirror) -> [String] {
        var lines: [String] = []
        for (place, row) in mirror.people.enumerated() {
            var fields: [String] = []
            mirror.record(PersonIndex(place)).forEachField { tag, value in
                fields.append("\(tag)=\(String(decoding: value, as: UTF8.self))")
            }
            let signIn = row.lastSignIn == .min ? "-" : String(row.lastSignIn)
            lines.append(
                "person \(row.id) \(row.state) signin \(signIn) problems \(row.problems.rawValue) "
                    + fields.joined(separator: " | "))
        }
        for (place, row) in mirror.groups.enumerated() {
            let people = mirror.directPeople(of: GroupIndex(place)).map { mirror.people[Int($0)].id.description }
            let groups = mirror.directGroups(of: GroupIndex(place)).map { mirror.groups[Int($0)].id.description }
            lines.append(
                "group \(row.id) \(String(decoding: row.name, as: UTF8.self)) people \(people) groups \(groups) "
                    + "unresolved \(row.unresolvedMembers)")
        }
        return lines
    }

    /// Hashes of all rows: equal when, and only when, content is.
    package static func hashes(_ mirror: Mirror) -> [UInt64] {
        mirror.people.map(\.contentHash) + mirror.groups.map(\.contentHash)
    }
}

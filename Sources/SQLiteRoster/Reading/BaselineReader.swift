import DirectoryModel
import MappingLanguage
import Reconciliation

/// Reads the baseline of one target.
struct BaselineReader {
    var connection: OpaquePointer

    func baseline(target: Int64) throws -> TargetBaseline? {
        let head = try SQLStatement(connection, "SELECT run, time FROM baselines WHERE target = ?")
        head.bind(1, target)
        defer { head.reset() }
        guard try head.step() else { return nil }
        var baseline = TargetBaseline(
            run: head.integer(0), time: head.integer(1), people: [:], groups: [:],
            mappedGroups: try mappedGroups(target: target), fingerprints: [:])
        let directories = try SQLStatement(
            connection, "SELECT directory, people, groups_seen FROM baseline_directories WHERE target = ?")
        directories.bind(1, target)
        try directories.forEach {
            let name = directories.text(0)
            if let people = directories.optionalInteger(1) { baseline.people[name] = Int(people) }
            if let groups = directories.optionalInteger(2) { baseline.groups[name] = Int(groups) }
        }
        let prints = try SQLStatement(connection, "SELECT name, digest FROM fingerprints WHERE target = ?")
        prints.bind(1, target)
        try prints.forEach { baseline.fingerprints[prints.text(0)] = prints.text(1) }
        baseline.matches = try matches(target: target)
        return baseline
    }

    /// In the order of the instances.
    private func matches(target: Int64) throws -> [MatchCount] {
        let rows = try SQLStatement(
            connection, "SELECT instances, people FROM baseline_matches WHERE target = ? ORDER BY instances")
        rows.bind(1, target)
        var matches: [MatchCount] = []
        try rows.forEach {
            matches.append(
                MatchCount(instances: MatchBytes.instances(rows.bytes(0)), people: Int(try rows.wholeNumber(1))))
        }
        return matches
    }

    /// Mapped groups in the order of directory name and id.
    func mappedGroups(target: Int64) throws -> [GroupBaseline] {
        let rows = try SQLStatement(
            connection,
            """
            SELECT directory, entry_id, name, dn, people, counted_in FROM baseline_groups
            WHERE target = ? ORDER BY directory, entry_id
            """
        )
        rows.bind(1, target)
        var groups: [GroupBaseline] = []
        try rows.forEach {
            groups.append(
                GroupBaseline(
                    key: GroupKey(directory: rows.text(0), id: try rows.id(1)), name: rows.text(2), dn: rows.text(3),
                    people: Int(rows.integer(4)), countedIn: rows.optionalInteger(5)))
        }
        return groups
    }
}

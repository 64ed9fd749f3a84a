import MappingLanguage
import Reconciliation

/// Writes the baseline of one target over the one in the file; parts that are the same stay.
struct BaselineWriter {
    var connection: OpaquePointer
    var target: Int64

    func write(_ baseline: TargetBaseline) throws {
        let old = try BaselineReader(connection: connection).baseline(target: target)
        let head = try SQLStatement(connection, "REPLACE INTO baselines (target, run, time) VALUES (?, ?, ?)")
        head.bind(1, target)
        head.bind(2, baseline.run)
        head.bind(3, baseline.time)
        try head.run()
        if old?.people != baseline.people || old?.groups != baseline.groups { try writeDirectories(baseline) }
        if old?.mappedGroups != baseline.mappedGroups { try writeGroups(baseline) }
        if old?.fingerprints != baseline.fingerprints { try writeFingerprints(baseline) }
        if old?.matches != baseline.matches { try writeMatches(baseline, over: old?.matches ?? []) }
    }

    private func clear(_ table: String) throws {
        let delete = try SQLStatement(connection, "DELETE FROM \(table) WHERE target = ?")
        delete.bind(1, target)
        try delete.run()
    }

    private func writeDirectories(_ baseline: TargetBaseline) throws {
        try clear("baseline_directories")
        let insert = try SQLStatement(
            connection,
            "INSERT INTO baseline_directories (target, directory, people, groups_seen) VALUES (?, ?, ?, ?)")
        for name in Set(baseline.people.keys).union(baseline.groups.keys).sorted() {
            insert.bind(1, target)
            insert.bind(2, text: name)
            insert.bind(3, optional: baseline.people[name].map(Int64.init))
            insert.bind(4, optional: baseline.groups[name].map(Int64.init))
            try insert.run()
        }
    }

    private func writeGroups(_ baseline: TargetBaseline) throws {
        try clear("baseline_groups")
        let insert = try SQLStatement(
            connection,
            """
            INSERT INTO baseline_groups (target, directory, entry_id, name, dn, people, counted_in)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """)
        for group in baseline.mappedGroups {
            insert.bind(1, target)
            insert.bind(2, text: group.key.directory)
            insert.bind(3, id: group.key.id)
            insert.bind(4, text: group.name)
            insert.bind(5, text: group.dn)
            insert.bind(6, group.people)
            insert.bind(7, optional: group.countedIn)
            try insert.run()
        }
    }

    /// Writes those that are not as they were: of very many, a run that reads changes moves a few.
    ///
    /// Both stand in the order of instances.
    private func writeMatches(_ baseline: TargetBaseline, over old: [MatchCount]) throws {
        let replace = try SQLStatement(
            connection, "REPLACE INTO baseline_matches (target, instances, people) VALUES (?, ?, ?)")
        let delete = try SQLStatement(connection, "DELETE FROM baseline_matches WHERE target = ? AND instances = ?")
        var left = old[...]
        func drop(_ isGone: (MatchCount) -> Bool) throws {
            while let first = left.first, isGone(first) {
                delete.bind(1, target)
                delete.bind(2, blob: MatchBytes.bytes(first.instances))
                try delete.run()
                left.removeFirst()
            }
        }
        for match in baseline.matches {
            try drop { $0.instances.lexicographicallyPrecedes(match.instances) }
            if let first = left.first, first.instances == match.instances {
                left.removeFirst()
                if first.people == match.people { continue }
            }
            replace.bind(1, target)
            replace.bind(2, blob: MatchBytes.bytes(match.instances))
            replace.bind(3, match.people)
            try replace.run()
        }
        try drop { _ in true }
    }

    private func writeFingerprints(_ baseline: TargetBaseline) throws {
        try clear("fingerprints")
        let insert = try SQLStatement(connection, "INSERT INTO fingerprints (target, name, digest) VALUES (?, ?, ?)")
        for (name, digest) in baseline.fingerprints {
            insert.bind(1, target)
            insert.bind(2, text: name)
            insert.bind(3, text: digest)
            try insert.run()
        }
    }
}

/// Places of rule instances as bytes, four each, the highest first: their order is that of the bytes.
enum MatchBytes {
    static func bytes(_ instances: [UInt32]) -> [UInt8] {
        instances.flatMap { place in
            [UInt8(truncatingIfNeeded: place >> 24), UInt8(truncatingIfNeeded: place >> 16)]
                + [UInt8(truncatingIfNeeded: place >> 8), UInt8(truncatingIfNeeded: place)]
        }
    }

    static func instances(_ bytes: UnsafeRawBufferPointer) -> [UInt32] {
        stride(from: 0, to: bytes.count - bytes.count % 4, by: 4).map {
            UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: $0, as: UInt32.self))
        }
    }
}

extension Mirror {
    /// Whether every person and every group is what its hash of content says: a mirror that was kept may have been damaged, or edited.
    ///
    /// Two rows that changed places, or are gone with everything about them, do not show.
    package var isIntact: Bool {
        let arePeople = arena.withUnsafeBytes { arena in
            people.allSatisfy { row in
                let end = Int(row.start) + Int(row.length)
                guard end <= arena.count else { return false }
                let record = UnsafeRawBufferPointer(rebasing: arena[Int(row.start)..<end])
                return row.contentHash
                    == ContentHash.of(
                        record: record, state: row.state, problems: row.problems, lastSignIn: row.lastSignIn)
            }
        }
        return arePeople && groups.indices.allSatisfy { groups[$0].contentHash == ContentHash.of(group: $0, in: self) }
    }
}

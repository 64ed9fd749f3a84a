package import AccessModel
package import DirectoryModel

/// What everybody had on one target after its last applied run: the measure of what a frozen group may give.
package struct HeldAccess: Sendable {
    /// Distinct accesses.
    package var accesses: [Access]
    /// For each person of the mirror the place in `accesses`; a place beyond them for who had nothing.
    package var ofPerson: [UInt32]
    /// Roles that users stand in line for.
    package var awaited: [PersonIndex: [ScopedRole]]
    /// Whether a file that decides was edited since: what a frozen group gave cannot be worked out again then, so those
    /// who have to do with one lose nothing at all.
    package var isKeptWhole: Bool
    /// Of those who have access by hand, what they have besides: rules can give no more than that back.
    package var byRules: [PersonIndex: Access]

    package init(
        accesses: [Access], ofPerson: [UInt32], awaited: [PersonIndex: [ScopedRole]], isKeptWhole: Bool,
        byRules: [PersonIndex: Access] = [:]
    ) {
        self.accesses = accesses
        self.ofPerson = ofPerson
        self.awaited = awaited
        self.isKeptWhole = isKeptWhole
        self.byRules = byRules
    }

    func access(of person: Int) -> Access? {
        guard ofPerson.indices.contains(person), accesses.indices.contains(Int(ofPerson[person])) else { return nil }
        return accesses[Int(ofPerson[person])]
    }
}

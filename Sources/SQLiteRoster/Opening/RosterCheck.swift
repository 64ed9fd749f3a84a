/// Looks through the whole file for damage.
struct RosterCheck {
    var connection: OpaquePointer
    var path: String

    /// Finds pages that are cut short, torn or in the wrong order.
    func quick() throws { try expectOK("PRAGMA quick_check(1)") }

    /// Compares indexes with tables as well, and follows references.
    func thorough() throws {
        try expectOK("PRAGMA integrity_check(1)")
        let orphans = try SQLStatement(connection, "PRAGMA foreign_key_check")
        defer { orphans.reset() }
        if try orphans.step() {
            throw RosterError.damaged(path: path, detail: "a row of `\(orphans.text(0))` refers to nothing")
        }
    }

    private func expectOK(_ pragma: String) throws {
        let statement = try SQLStatement(connection, pragma)
        defer { statement.reset() }
        guard try statement.step() else { throw RosterError.damaged(path: path, detail: "it cannot be checked") }
        let answer = statement.text(0)
        guard answer == "ok" else { throw RosterError.damaged(path: path, detail: answer) }
    }
}

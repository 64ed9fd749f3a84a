internal import DirectoryModel
internal import LDAPClient

/// The entry of the account that reads as a sentinel that nobody has to name: an access rule, or a server, that hides it today and showed it at the
/// last run shows less of everything else as well.
extension LDAPSource {
    /// Where the account's own entry is to be found, and what it is called.
    struct OwnEntry {
        /// As in `bind`, or as the server says it.
        var name: String
        var search: SearchRequest
        /// The same for every spelling of the name.
        var hash: String
    }

    /// Throws where the account saw its own entry at the last run, and does not now; returns what the next pull compares with.
    ///
    /// Accounts without an entry of their own, such as the root account of OpenLDAP, never saw one: nothing is asked of them.
    func checkOwnEntry(_ beginning: Beginning, _ last: DirectoryStamp?) throws(PullFailure) -> [StampFact] {
        guard let own = ownEntry(beginning) else { return [] }
        let end = try attempt { () throws(LDAPError) in try beginning.connection.search(own.search) { _ in } }
        let fact = StampFact.own(own.hash)
        if end.code == 0, end.entries > 0 { return [fact] }
        guard ChangeStamps(last).facts.contains(fact) else { return [] }
        throw settings.source.failure(
            .incomplete,
            "the bind account `\(EntryText.shown(own.name))` no longer sees its own entry, which it saw at the last run",
            "let it read its entry again: where it lost that, it may have lost the sight of people, too; "
                + "if its entry was moved or deleted, correct `bind`")
    }

    /// nil where nothing tells which entry it is.
    private func ownEntry(_ beginning: Beginning) -> OwnEntry? {
        let identity = beginning.stamp.identity
        if identity.hasPrefix("dn:") { return ownEntry(named: String(identity.dropFirst(3).drop { $0 == " " })) }
        if case .simple(let dn, _) = settings.bind, let own = ownEntry(named: dn) { return own }
        guard identity.hasPrefix("u:"), let domain = beginning.detected.domain,
            let login = identity.dropFirst(2).split(separator: "\\", omittingEmptySubsequences: false).last,
            !login.isEmpty
        else { return nil }
        let filter = LDAPFilter.equal("sAMAccountName", String(login))
        let search = SearchRequest(base: domain.context, filter: filter)
        return OwnEntry(name: identity, search: search, hash: LDAPSource.hash(Array(identity.lowercased().utf8)))
    }

    private func ownEntry(named dn: String) -> OwnEntry? {
        guard !dn.isEmpty, let canonical = try? DNCanonicalForm.of(Array(dn.utf8)) else { return nil }
        let search = SearchRequest(base: dn, scope: .base)
        return OwnEntry(name: dn, search: search, hash: LDAPSource.hash(canonical))
    }

    private static func hash(_ name: [UInt8]) -> String {
        String(name.withUnsafeBytes { DNHashKey(first: 1, second: 2).hash($0).low }, radix: 16)
    }
}

internal import DirectoryModel
internal import LDAPClient

/// Searches over whole suffixes. Nobody configured those: a part of one may be on another server, or closed to the account, and the bases can
/// be read all the same.
extension LDAPSource {
    /// Runs a search over a suffix; false where its answer leaves a part out.
    ///
    /// Throws where the server could not answer.
    func runOverSuffix(
        _ connection: LDAPConnection, _ search: SearchRequest, _ body: (borrowing EntryView) throws(BERFault) -> Void
    ) throws(PullFailure) -> Bool {
        let end = try attempt { () throws(LDAPError) in try connection.search(search, body) }
        return try isWhole(end, search, connection)
    }

    /// Whether the answer to a question over a suffix, or about an entry in it, is whole.
    func isWhole(
        _ end: SearchEnd, _ search: SearchRequest, _ connection: LDAPConnection
    ) throws(PullFailure) -> Bool {
        let source = settings.source
        let harmless = ForestReferences(
            detected?.domain, beside: try source.bases(source.people) + source.bases(source.groups))
        if [0, 32, 50].contains(end.code) { return end.code == 0 && end.text.isEmpty && harmless.cover(end) }
        try source.checkWhole(end, search, connection.server, harmless: harmless)
        return true
    }
}

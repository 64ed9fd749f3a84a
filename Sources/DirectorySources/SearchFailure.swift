internal import DirectoryModel
internal import LDAPClient

extension SourceSettings {
    /// An error of the client as the failure of a pull.
    func failure(_ error: LDAPError) -> PullFailure {
        let kind: PullFailure.Kind =
            switch error.problem {
            case .kerberos(.noKerberosServer): .unreachable
            case .account, .kerberos: .refused
            case .failed where error.isNotBound: .refused
            case .bindFailed: error.isRefusal ? .refused : .unreachable
            case .failed, .identityUnknown: error.resultClass == .retry ? .unreachable : .incomplete
            case .malformed, .cancelled: .incomplete
            case .settings: .badConfiguration
            case .noServers, .bindUnanswered, .unreachable, .tls, .oldTLS, .startTLSRefused, .timedOut, .disconnected:
                .unreachable
            }
        var failure = failure(kind, error.message, error.hint)
        failure.isTransient = error.isTransient
        return failure
    }

    /// Throws unless the answer to a search is whole, with what it says about why it is not.
    func checkWhole(
        _ end: SearchEnd, _ search: SearchRequest, _ server: LDAPURL, harmless: ForestReferences
    ) throws(PullFailure) {
        guard end.code == 0 else {
            let error = LDAPError(
                .failed(base: EntryText.shown(search.base)), server: server.description, code: end.code,
                serverText: end.text)
            let count = end.resultClass == .partial ? ", after \(end.entries) entries" : ""
            let plain = failure(error)
            var counted = failure(plain.kind, plain.message + count, plain.hint)
            counted.isTransient = plain.isTransient
            throw counted
        }
        if !harmless.cover(end) {
            throw failure(
                .incomplete,
                "a part of `\(search.base)` is on another server, which is not asked: `\(harmless.firstOther(end))`",
                "read that part as a directory of its own, or choose bases beside it")
        }
        if !end.text.isEmpty {
            throw failure(
                .incomplete, "`\(server)` ended the search under `\(search.base)` well but added: \(end.text)",
                "a part of the directory may be missing; look at the server's log")
        }
    }
}

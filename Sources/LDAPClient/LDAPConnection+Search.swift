internal import CLDAP
internal import Glibc

/// A search that was sent and not taken in to its end.
package struct BegunSearch {
    let request: SearchRequest
    /// The message id of the page that is under way.
    var id: Int32
    var pages: PageWalk?
    var end = SearchEnd(code: 0, text: "", entries: 0, references: 0)
    /// How many messages came, of every kind.
    var messages: UInt = 0

    fileprivate init(_ request: SearchRequest) {
        self.request = request
        id = -1
        pages = request.pageSize.map(PageWalk.init(size:))
    }
}

extension LDAPConnection {
    /// Runs a search and hands over each entry while it lies in its message; returns how the server ended it.
    ///
    /// Throws when there is no such end: the connection broke, a time limit passed, or what came is not LDAP. Pages, where asked for,
    /// are a critical request and belong to one unbroken walk; none is ever asked for twice.
    package func search(
        _ request: SearchRequest, begun: BegunSearch? = nil,
        intermediate: (IntermediateResponse) throws(BERFault) -> Void = { _ in },
        _ each: (borrowing EntryView) throws(BERFault) -> Void
    ) throws(LDAPError) -> SearchEnd {
        let tossed = ConnectLog.tossed
        var search = if let begun { begun } else { try begin(request) }
        while true {
            while true {
                let message = try next(search)
                defer { ldap_msgfree(message) }
                if try take(message, &search, intermediate, each) { break }
                search.messages &+= 1
                if search.messages & 255 == 0 { try checkSize(search) }
            }
            // An entry under the number of another request, or of none, or behind the result, is one that is missing.
            guard !hasStray(), ConnectLog.tossed == tossed, isNumbered else {
                throw failure(.malformed("an answer that nobody asked for"))
            }
            // What a server adds to a success, at any page, is for the caller to judge.
            guard search.end.code == LDAP_SUCCESS, search.end.text.isEmpty, try hasNextPage(&search) else {
                return search.end
            }
            try send(&search)
        }
    }

    /// Sends a search, or its first page, whose answer `search` or `follow` takes in later.
    ///
    /// What the server sends meanwhile waits in the socket.
    package func begin(_ request: SearchRequest) throws(LDAPError) -> BegunSearch {
        var search = BegunSearch(request)
        try send(&search)
        return search
    }

    /// Tells the server that nobody wants the rest; what still comes of it is dropped.
    package func abandon(_ search: BegunSearch) { ldap_abandon_ext(handle, search.id, nil, nil) }

    private func send(_ search: inout BegunSearch) throws(LDAPError) {
        let request = search.request
        guard !isLost else { throw failure(.disconnected) }
        // Pages and parts without an end are no silence either.
        if ContinuousClock.now >= deadline { throw LDAPError(.timedOut(.wholePull), server: server.description) }
        if isStopped { throw LDAPError(.cancelled, server: server.description) }
        guard !request.base.utf8.contains(0) else {
            throw failure(.settings("a base holds a NUL byte", hint: "correct the bases"))
        }
        let scope =
            switch request.scope {
            case .base: LDAP_SCOPE_BASE
            case .oneLevel: LDAP_SCOPE_ONELEVEL
            case .subtree: LDAP_SCOPE_SUBTREE
            }
        let names = request.attributes.isEmpty ? [LDAP_NO_ATTRS] : request.attributes
        var attributes: [UnsafeMutablePointer<CChar>?] = names.map { strdup($0) } + [nil]
        defer { for name in attributes { free(name) } }
        let controls = ControlList((search.pages.map { [$0.control] } ?? []) + request.controls)
        let code = ldap_search_ext(
            handle, request.base, scope, request.filter.text, &attributes, request.typesOnly ? 1 : 0, controls.pointer,
            nil, nil, request.sizeLimit, &search.id)
        guard code == LDAP_SUCCESS else { throw searchFailure(code, search) }
    }

    private func checkSize(_ search: borrowing BegunSearch) throws(LDAPError) {
        try checkTime(search.id)
        guard search.end.entries >= settings.maximumEntries else { return }
        throw abandon(search.id, .malformed("more than \(settings.maximumEntries) entries in one search"))
    }

    /// Whether there is no base: 389 Directory Server says success, without a control, when it is asked for pages under one that is not.
    private func isMissing(_ request: SearchRequest) throws(LDAPError) -> Bool {
        let base = SearchRequest(base: request.base, scope: .base, controls: request.controls)
        return try search(base) { _ in }.code == LDAP_NO_SUCH_OBJECT
    }

    /// Whether another page has to be asked for, by the controls of the one that ended well.
    private func hasNextPage(_ search: inout BegunSearch) throws(LDAPError) -> Bool {
        guard search.pages != nil else { return false }
        let controls = search.end.controls
        if search.end.entries == 0, controls.value(of: ControlType.pagedResults) == nil, try isMissing(search.request) {
            search.end.code = LDAP_NO_SUCH_OBJECT
            return false
        }
        search.end.controls.removeAll { $0.oid == ControlType.pagedResults }
        do throws(PageFault) { return try search.pages?.finishPage(controls) == false } catch {
            throw failure(.malformed(error.text))
        }
    }
}

internal import CLDAP
internal import Glibc

extension LDAPConnection {
    /// Runs a search and hands over each entry while it lies in its message; returns how the server ended it.
    ///
    /// Throws when there is no such end: the connection broke, a time limit passed, or what came is not LDAP. Pages, where asked for,
    /// are a critical request and belong to one unbroken walk; none is ever asked for twice.
    package func search(
        _ request: SearchRequest, begun: BegunSearch? = nil, _ each: (borrowing EntryView) throws(BERFault) -> Void
    ) throws(LDAPError) -> SearchEnd {
        var total = SearchEnd(code: 0, text: "", entries: 0, references: 0)
        var cookie = berval()
        defer { ldap_memfree(cookie.bv_val) }
        var emptyPages = 0
        while true {
            var control: UnsafeMutablePointer<LDAPControl>?
            if let size = request.pageSize {
                guard ldap_create_page_control(handle, ber_int_t(size), &cookie, 1, &control) == LDAP_SUCCESS else {
                    throw failure(
                        .settings("a page of \(size) entries cannot be asked for", hint: "correct the page size"))
                }
            }
            defer { ldap_control_free(control) }
            let id = if let begun { begun.id } else { try start(request, control) }
            let before = total.entries
            let isLast = try receive(id, request, into: &total, nextCookie: &cookie, each)
            if isLast { return total }
            emptyPages = total.entries == before ? emptyPages + 1 : 0
            if emptyPages > 1000 { throw failure(.malformed("a thousand empty pages in a row")) }
        }
    }

    /// Sends a search without pages, whose answer `search` takes in later; nil where there are pages to ask for.
    ///
    /// What the server sends meanwhile waits in the socket.
    package func begin(_ request: SearchRequest) throws(LDAPError) -> BegunSearch? {
        request.pageSize == nil ? BegunSearch(id: try start(request, nil)) : nil
    }

    private func start(_ request: SearchRequest, _ control: UnsafeMutablePointer<LDAPControl>?) throws(LDAPError)
        -> Int32
    {
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
        var controls: [UnsafeMutablePointer<LDAPControl>?] = [control, nil]
        var id: Int32 = -1
        let code = ldap_search_ext(
            handle, request.base, scope, request.filter.text, &attributes, 0, &controls, nil, nil, 0, &id)
        guard code == LDAP_SUCCESS else { throw searchFailure(code, request) }
        return id
    }

    /// Receives messages until the result; true when no page follows.
    private func receive(
        _ id: Int32, _ request: SearchRequest, into total: inout SearchEnd, nextCookie: inout berval,
        _ each: (borrowing EntryView) throws(BERFault) -> Void
    ) throws(LDAPError) -> Bool {
        var received = 0
        while true {
            let message = try next(id, request)
            defer { ldap_msgfree(message) }
            switch ldap_msgtype(message) {
            case Int32(LDAP_RES_SEARCH_ENTRY):
                try hand(message, id, each)
                total.entries += 1
                received += 1
                if received & 1023 == 0 { try checkTime(id) }
            case Int32(LDAP_RES_SEARCH_REFERENCE):
                if total.references == 0 { total.firstReference = reference(message, limit: 200) }
                if total.references < SearchEnd.mostReferences {
                    total.referenceURLs.append(reference(message, limit: 4000))
                }
                total.references += 1
            case Int32(LDAP_RES_SEARCH_RESULT):
                return try finish(message, request, &total, &nextCookie)
            case Int32(LDAP_RES_INTERMEDIATE):
                continue
            default:
                throw abandon(id, .malformed("an answer of a kind that no search has"))
            }
        }
    }

    /// Waits for the next message in short steps, so that a stop is heeded soon.
    @inline(__always)
    private func next(_ id: Int32, _ request: SearchRequest) throws(LDAPError) -> OpaquePointer {
        var message: OpaquePointer?
        var step = timeval(tv_sec: 0, tv_usec: 250_000)
        var kind = ldap_result(handle, id, LDAP_MSG_ONE, &step, &message)
        if kind == 0 { kind = try wait(id, &message) }
        guard kind > 0, let message else {
            var code = LDAP_SERVER_DOWN
            ldap_get_option(handle, LDAP_OPT_RESULT_CODE, &code)
            throw searchFailure(code, request)
        }
        return message
    }

    @inline(never)
    private func wait(_ id: Int32, _ message: inout OpaquePointer?) throws(LDAPError) -> Int32 {
        let idleEnd = ContinuousClock.now.advanced(by: settings.timeouts.idle)
        while true {
            try checkTime(id)
            if ContinuousClock.now >= idleEnd { throw abandon(id, .timedOut(.answer)) }
            var step = timeval(tv_sec: 0, tv_usec: 100_000)
            let kind = ldap_result(handle, id, LDAP_MSG_ONE, &step, &message)
            if kind != 0 { return kind }
        }
    }

    private func checkTime(_ id: Int32) throws(LDAPError) {
        if ContinuousClock.now >= deadline { throw abandon(id, .timedOut(.wholePull)) }
        if Task.isCancelled { throw abandon(id, .cancelled) }
    }

    @inline(__always)
    private func hand(
        _ message: OpaquePointer, _ id: Int32, _ each: (borrowing EntryView) throws(BERFault) -> Void
    ) throws(LDAPError) {
        var dn = berval()
        var attributes = berval()
        guard cldap_entry(handle, message, &dn, &attributes) == LDAP_SUCCESS else {
            throw abandon(id, .malformed(BERFault.truncated.text))
        }
        let entry = EntryView(
            dn: UnsafeRawBufferPointer(start: dn.bv_val, count: Int(dn.bv_len)),
            attributes: UnsafeRawBufferPointer(start: attributes.bv_val, count: Int(attributes.bv_len)))
        do throws(BERFault) { try each(entry) } catch { throw abandon(id, .malformed(error.text)) }
    }

    private func reference(_ message: OpaquePointer, limit: Int) -> String {
        var urls: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
        guard ldap_parse_reference(handle, message, &urls, nil, 0) == LDAP_SUCCESS, let urls else { return "" }
        defer { ldap_memvfree(UnsafeMutableRawPointer(urls).assumingMemoryBound(to: UnsafeMutableRawPointer?.self)) }
        guard let first = urls[0] else { return "" }
        return ServerText.escaped(UnsafeRawBufferPointer(start: first, count: strlen(first)), limit: limit)
    }

    /// Reads the result and, on success, the cookie of the next page; true when there is none.
    private func finish(
        _ message: OpaquePointer, _ request: SearchRequest, _ total: inout SearchEnd, _ cookie: inout berval
    ) throws(LDAPError) -> Bool {
        var code: Int32 = 0
        var text: UnsafeMutablePointer<CChar>?
        var controls: UnsafeMutablePointer<UnsafeMutablePointer<LDAPControl>?>?
        let parsed = ldap_parse_result(handle, message, &code, nil, &text, nil, &controls, 0)
        defer {
            ldap_memfree(text)
            ldap_controls_free(controls)
        }
        guard parsed == LDAP_SUCCESS else { throw failure(.malformed("a result that cannot be read"), parsed) }
        total.code = code
        total.text = text.map { ServerText.escaped(UnsafeRawBufferPointer(start: $0, count: strlen($0))) } ?? ""
        guard code == LDAP_SUCCESS, request.pageSize != nil else { return true }
        return try takeCookie(controls, &cookie)
    }

    private func takeCookie(
        _ controls: UnsafeMutablePointer<UnsafeMutablePointer<LDAPControl>?>?, _ cookie: inout berval
    ) throws(LDAPError) -> Bool {
        // A server that ignores the request for pages has sent everything in one answer.
        guard let control = ldap_control_find(LDAP_CONTROL_PAGEDRESULTS, controls, nil) else {
            guard cookie.bv_len == 0 else { throw failure(.malformed("a page without its control")) }
            return true
        }
        var estimate: ber_int_t = 0
        var fresh = berval()
        guard ldap_parse_pageresponse_control(handle, control, &estimate, &fresh) == LDAP_SUCCESS else {
            throw failure(.malformed("the control of a page cannot be read"))
        }
        ldap_memfree(cookie.bv_val)
        cookie = fresh
        return fresh.bv_len == 0
    }

    private func abandon(_ id: Int32, _ problem: LDAPError.Problem) -> LDAPError {
        ldap_abandon_ext(handle, id, nil, nil)
        return LDAPError(problem, server: server.description)
    }

    private func searchFailure(_ code: Int32, _ request: SearchRequest) -> LDAPError {
        switch code {
        case LDAP_SERVER_DOWN, LDAP_CONNECT_ERROR, LDAP_UNAVAILABLE: failure(.disconnected, code)
        case LDAP_TIMEOUT: failure(.timedOut(.answer), code)
        case LDAP_DECODING_ERROR: failure(.malformed("a message that cannot be decoded"), code)
        default: failure(.failed(base: ServerText.escaped(request.base.utf8)), code)
        }
    }
}

/// A search that was sent and not yet taken in.
package struct BegunSearch {
    fileprivate let id: Int32
}

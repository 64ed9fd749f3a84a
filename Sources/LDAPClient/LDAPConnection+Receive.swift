internal import CLDAP
internal import Glibc

/// Waiting for the messages of a search and taking them apart.
extension LDAPConnection {
    /// The next message, waited for in steps so short that some hundreds of them, each ended by a message, are soon over.
    @inline(__always)
    func next(_ search: borrowing BegunSearch) throws(LDAPError) -> OpaquePointer {
        var message: OpaquePointer?
        var step = timeval(tv_sec: 0, tv_usec: 10_000)
        var kind = ldap_result(handle, search.id, LDAP_MSG_ONE, &step, &message)
        if kind == 0 { kind = try wait(search.id, &message) }
        guard kind > 0, let message else { throw brokenOff(search) }
        return message
    }

    /// Why no message came where one was awaited.
    func brokenOff(_ search: borrowing BegunSearch) -> LDAPError {
        var code = LDAP_SERVER_DOWN
        ldap_get_option(handle, LDAP_OPT_RESULT_CODE, &code)
        // A server that says goodbye with "success" has still not ended the search.
        return searchFailure(code == LDAP_SUCCESS ? LDAP_SERVER_DOWN : code, search)
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

    func checkTime(_ id: Int32) throws(LDAPError) {
        if ContinuousClock.now >= deadline { throw abandon(id, .timedOut(.wholePull)) }
        if isStopped { throw abandon(id, .cancelled) }
    }

    /// Whether something came under the number 0 that is no notice to everybody (RFC 4511 §4.4): those are passed over.
    func hasStray() -> Bool {
        while true {
            var message: OpaquePointer?
            var none = timeval()
            let kind = ldap_result(handle, 0, LDAP_MSG_ONE, &none, &message)
            // The search has ended well; what comes after it will not.
            if kind < 0 { isLost = true }
            guard kind > 0, let message else { return false }
            defer { ldap_msgfree(message) }
            if ldap_msgtype(message) != Int32(LDAP_RES_EXTENDED) { return true }
        }
    }

    /// Whether somebody wants the thread back.
    var isStopped: Bool { Task.isCancelled || settings.stop?.isRaised == true }

    /// Takes in one message; true when it is the result, of the page where there are pages.
    @inline(__always)
    func take(
        _ message: OpaquePointer, _ search: inout BegunSearch,
        _ intermediate: (IntermediateResponse) throws(BERFault) -> Void,
        _ each: (borrowing EntryView) throws(BERFault) -> Void
    ) throws(LDAPError) -> Bool {
        switch ldap_msgtype(message) {
        case Int32(LDAP_RES_SEARCH_ENTRY):
            try hand(message, &search, each)
            search.end.entries += 1
            return false
        case Int32(LDAP_RES_SEARCH_REFERENCE):
            search.end.add(references: references(message))
            return false
        case Int32(LDAP_RES_SEARCH_RESULT):
            try readResult(message, into: &search.end)
            return true
        case Int32(LDAP_RES_INTERMEDIATE):
            do throws(BERFault) { try intermediate(response(message)) } catch {
                throw abandon(search.id, .malformed(error.text))
            }
            return false
        default:
            throw abandon(search.id, .malformed("an answer of a kind that no search has"))
        }
    }

    @inline(__always)
    private func hand(
        _ message: OpaquePointer, _ search: inout BegunSearch, _ each: (borrowing EntryView) throws(BERFault) -> Void
    ) throws(LDAPError) {
        var dn = berval()
        var attributes = berval()
        guard cldap_entry(handle, message, &dn, &attributes) == LDAP_SUCCESS else {
            throw abandon(search.id, .malformed(BERFault.truncated.text))
        }
        let entry = EntryView(
            dn: UnsafeRawBufferPointer(start: dn.bv_val, count: Int(dn.bv_len)),
            attributes: UnsafeRawBufferPointer(start: attributes.bv_val, count: Int(attributes.bv_len)),
            message: (handle, message))
        if search.pages != nil, let fault = search.pages?.note(entry.dn) { throw abandon(search.id, .malformed(fault)) }
        do throws(BERFault) { try each(entry) } catch { throw abandon(search.id, .malformed(error.text)) }
    }

    /// The URLs of a reference; one that cannot be read is an empty text, which is nobody's idea of a harmless one.
    private func references(_ message: OpaquePointer) -> [String] {
        var urls: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
        guard ldap_parse_reference(handle, message, &urls, nil, 0) == LDAP_SUCCESS, urls != nil else { return [""] }
        return taken(urls)
    }

    /// Copies and frees a list of texts; each escaped and cut.
    private func taken(_ list: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?) -> [String] {
        guard let list else { return [] }
        var texts: [String] = []
        var next = list
        while let text = next.pointee {
            texts.append(ServerText.escaped(UnsafeRawBufferPointer(start: text, count: strlen(text)), limit: 1000))
            next += 1
        }
        ldap_memvfree(UnsafeMutableRawPointer(list).assumingMemoryBound(to: UnsafeMutableRawPointer?.self))
        return texts
    }

    private func readResult(_ message: OpaquePointer, into end: inout SearchEnd) throws(LDAPError) {
        var code: Int32 = 0
        var matched: UnsafeMutablePointer<CChar>?
        var text: UnsafeMutablePointer<CChar>?
        var urls: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
        var controls: UnsafeMutablePointer<UnsafeMutablePointer<LDAPControl>?>?
        let parsed = ldap_parse_result(handle, message, &code, &matched, &text, &urls, &controls, 0)
        defer {
            ldap_memfree(matched)
            ldap_memfree(text)
            ldap_controls_free(controls)
        }
        guard parsed == LDAP_SUCCESS else { throw failure(.malformed("a result that cannot be read"), parsed) }
        end.code = code
        end.text = ServerText.escaped(text, limit: 200)
        end.matched = ServerText.escaped(matched, limit: 1000)
        end.referral = taken(urls)
        end.controls = [ResponseControl](copying: controls)
    }

    private func response(_ message: OpaquePointer) throws(BERFault) -> IntermediateResponse {
        var oid: UnsafeMutablePointer<CChar>?
        var value: UnsafeMutablePointer<berval>?
        var controls: UnsafeMutablePointer<UnsafeMutablePointer<LDAPControl>?>?
        guard ldap_parse_intermediate(handle, message, &oid, &value, &controls, 0) == LDAP_SUCCESS else {
            throw .truncated
        }
        defer {
            ldap_memfree(oid)
            if let value { ber_bvfree(value) }
            ldap_controls_free(controls)
        }
        return IntermediateResponse(
            oid: oid.map { String(cString: $0) } ?? "", value: value.flatMap { [UInt8](copying: $0.pointee) },
            controls: [ResponseControl](copying: controls))
    }

    func abandon(_ id: Int32, _ problem: LDAPError.Problem) -> LDAPError {
        ldap_abandon_ext(handle, id, nil, nil)
        return LDAPError(problem, server: server.description)
    }

    func searchFailure(_ code: Int32, _ search: borrowing BegunSearch) -> LDAPError {
        switch code {
        case LDAP_SERVER_DOWN, LDAP_CONNECT_ERROR, LDAP_UNAVAILABLE: failure(.disconnected, code)
        case LDAP_TIMEOUT: failure(.timedOut(.answer), code)
        case LDAP_DECODING_ERROR: failure(.malformed("a message that cannot be decoded"), code)
        default: failure(.failed(base: ServerText.escaped(search.request.base.utf8)), code)
        }
    }
}

extension ServerText {
    /// Text of libldap's; empty where there is none.
    static func escaped(_ text: UnsafeMutablePointer<CChar>?, limit: Int) -> String {
        text.map { escaped(UnsafeRawBufferPointer(start: $0, count: strlen($0)), limit: limit) } ?? ""
    }
}

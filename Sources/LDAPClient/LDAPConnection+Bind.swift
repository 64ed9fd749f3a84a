internal import CLDAP
internal import Glibc

extension LDAPConnection {
    /// Tells the server who we are by an account of its own, for a connection beside which there is no other.
    package func bind(_ method: BindMethod) throws(LDAPError) { try bind(BindAccount(method)) }

    /// Tells the server who we are, once; what the account was refused before is not sent again.
    package func bind(_ account: BindAccount) throws(LDAPError) {
        guard !isLost else { throw failure(.disconnected) }
        try check(account.method)
        try account.attempt { () throws(LDAPError) in try send(account.method) }
        setAnswerTime(settings.timeouts.idle)
        startReadingAhead()
    }

    /// An empty password makes a bind anonymous while the server says success (RFC 4513 §5.1.2), so none is ever sent.
    private func check(_ method: BindMethod) throws(LDAPError) {
        guard case .simple(let dn, let password) = method else { return }
        guard !dn.isEmpty, !dn.utf8.contains(0) else {
            throw failure(.settings("`bind.dn` is empty", hint: "name the account, or use `method: anonymous`"))
        }
        let source = "check the file, command or credential it comes from"
        guard !password.isEmpty else { throw failure(.settings("the bind password is empty", hint: source)) }
        guard !password.startsWithNUL else {
            throw failure(.settings("the bind password starts with a NUL byte", hint: source))
        }
    }

    private func send(_ method: BindMethod) throws(LDAPError) {
        switch method {
        case .anonymous:
            try bind(dn: "", mechanism: nil, UnsafeRawBufferPointer(start: nil, count: 0))
        case .simple(let dn, let password):
            let result = password.withBytes { bytes -> Result<Void, LDAPError> in
                do throws(LDAPError) { return .success(try bind(dn: dn, mechanism: nil, bytes)) } catch {
                    return .failure(error)
                }
            }
            try result.get()
        case .external:
            try bind(dn: nil, mechanism: "EXTERNAL", UnsafeRawBufferPointer(start: nil, count: 0))
        case .gssapi(let credentials): try kerberosBind(credentials)
        }
    }

    private func bind(dn: String?, mechanism: String?, _ secret: UnsafeRawBufferPointer) throws(LDAPError) {
        var empty = CChar(0)
        let policy = ControlList([RequestControl(AccountFault.policyControl, isCritical: false)])
        var id: Int32 = -1
        let code = withUnsafeMutablePointer(to: &empty) { pointer -> Int32 in
            // EXTERNAL without credentials and EXTERNAL with empty ones are not the same (RFC 4513 §5.2.3.1).
            let bytes = UnsafeMutablePointer(mutating: secret.baseAddress?.assumingMemoryBound(to: CChar.self))
            var credentials = berval(
                bv_len: ber_len_t(secret.count), bv_val: bytes ?? (mechanism == nil ? nil : pointer))
            return ldap_sasl_bind(handle, dn, mechanism, &credentials, policy.pointer, nil, &id)
        }
        guard code == LDAP_SUCCESS else { throw bindFailure(code) }
        try readAnswer(id)
    }

    /// Waits for the answer to a bind for as long as connecting may take.
    private func readAnswer(_ id: Int32) throws(LDAPError) {
        let message = try answer(to: id)
        guard ldap_msgtype(message) == Int32(LDAP_RES_BIND) else {
            ldap_msgfree(message)
            throw failure(.malformed("an answer to the bind of another kind"))
        }
        var code: Int32 = 0
        var text: UnsafeMutablePointer<CChar>?
        var controls: UnsafeMutablePointer<UnsafeMutablePointer<LDAPControl>?>?
        let parsed = ldap_parse_result(handle, message, &code, nil, &text, nil, &controls, 1)
        defer {
            ldap_memfree(text)
            ldap_controls_free(controls)
        }
        guard parsed == LDAP_SUCCESS else { throw failure(.malformed("an answer to the bind that cannot be read")) }
        try judgeBind(code, ServerText.escaped(text, limit: 200), [ResponseControl](copying: controls))
    }

    private func answer(to id: Int32) throws(LDAPError) -> OpaquePointer {
        let end = min(ContinuousClock.now.advanced(by: settings.timeouts.connect), deadline)
        while true {
            var message: OpaquePointer?
            var step = timeval(tv_sec: 0, tv_usec: 100_000)
            let kind = ldap_result(handle, id, LDAP_MSG_ALL, &step, &message)
            if kind > 0, let message { return message }
            guard kind == 0 else {
                var code = LDAP_SERVER_DOWN
                ldap_get_option(handle, LDAP_OPT_RESULT_CODE, &code)
                throw bindFailure(code)
            }
            if isStopped { throw abandon(id, .cancelled) }
            if ContinuousClock.now >= end { throw abandon(id, .timedOut(.bind)) }
        }
    }

    /// What an answer to a bind means: even success can mean that nothing but changing the password is allowed.
    func judgeBind(_ code: Int32, _ text: String, _ controls: [ResponseControl]) throws(LDAPError) {
        if let fault = AccountFault(code: code, text: text, controls: controls) {
            throw LDAPError(.account(fault), server: server.description, code: code, serverText: text)
        }
        guard code == LDAP_SUCCESS else {
            throw LDAPError(.bindFailed, server: server.description, code: code, serverText: text)
        }
        notice = BindNotice(controls)
    }

    func bindFailure(_ code: Int32) -> LDAPError {
        switch code {
        case LDAP_SERVER_DOWN, LDAP_CONNECT_ERROR, LDAP_SUCCESS:
            var error = failure(.disconnected, code)
            error.mayWantCertificate = settings.tls.mode != .none && settings.tls.certificateFile == nil
            return error
        case LDAP_TIMEOUT, LDAP_X_CONNECTING: return failure(.timedOut(.bind), code)
        case LDAP_DECODING_ERROR: return failure(.malformed("an answer to the bind that cannot be read"), code)
        default: return failure(.bindFailed, code)
        }
    }

    /// Who the server takes us for (RFC 4532), such as `dn:cn=rollcall,dc=example,dc=org`, escaped; empty for anonymous, nil when it does not say.
    package func whoAmI() throws(LDAPError) -> String? {
        guard !isLost else { throw failure(.disconnected) }
        var identity: UnsafeMutablePointer<berval>?
        let code = ldap_whoami_s(handle, &identity, nil, nil)
        defer { if let identity { ber_bvfree(identity) } }
        switch code {
        case LDAP_SUCCESS:
            guard let identity, let bytes = identity.pointee.bv_val else { return "" }
            return ServerText.escaped(
                UnsafeRawBufferPointer(start: bytes, count: Int(identity.pointee.bv_len)), limit: 1000)
        case LDAP_SERVER_DOWN, LDAP_CONNECT_ERROR, LDAP_UNAVAILABLE:
            throw failure(.disconnected, code)
        case LDAP_TIMEOUT, LDAP_X_CONNECTING:
            throw failure(.timedOut(.answer), code)
        case LDAP_BUSY, LDAP_DECODING_ERROR, LDAP_OTHER:
            throw failure(.identityUnknown, code)
        default:
            return nil
        }
    }
}

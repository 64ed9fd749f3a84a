internal import CLDAP
internal import Glibc

extension LDAPConnection {
    /// Tells the server who we are.
    ///
    /// A password is sent once; nothing is tried again.
    package func bind(_ method: BindMethod) throws(LDAPError) {
        let code: Int32
        switch method {
        case .anonymous:
            code = simpleBind(dn: "", password: UnsafeRawBufferPointer(start: nil, count: 0))
        case .simple(let dn, let password):
            try check(dn, password)
            code = password.withBytes { simpleBind(dn: dn, password: $0) }
        case .external:
            var empty = CChar(0)
            code = withUnsafeMutablePointer(to: &empty) { pointer in
                var credentials = berval(bv_len: 0, bv_val: pointer)
                return ldap_sasl_bind_s(handle, nil, "EXTERNAL", &credentials, nil, nil, nil)
            }
        case .gssapi:
            throw failure(
                .settings("`bind.method: gssapi` is not available yet", hint: "use `simple` or `external`"))
        }
        guard code == LDAP_SUCCESS else { throw bindFailure(code) }
        startReadingAhead()
    }

    /// An empty password makes a bind anonymous while the server says success (RFC 4513 §5.1.2), so none is ever sent.
    private func check(_ dn: String, _ password: Secret) throws(LDAPError) {
        guard !dn.isEmpty, !dn.utf8.contains(0) else {
            throw failure(.settings("`bind.dn` is empty", hint: "name the account, or use `method: anonymous`"))
        }
        guard !password.isEmpty else {
            throw failure(
                .settings("the bind password is empty", hint: "check the file, command or credential it comes from"))
        }
        guard !password.startsWithNUL else {
            throw failure(
                .settings(
                    "the bind password starts with a NUL byte",
                    hint: "check the file, command or credential it comes from"))
        }
    }

    private func simpleBind(dn: String, password: UnsafeRawBufferPointer) -> Int32 {
        let bytes = UnsafeMutablePointer(mutating: password.baseAddress?.assumingMemoryBound(to: CChar.self))
        var credentials = berval(bv_len: ber_len_t(password.count), bv_val: bytes)
        return ldap_sasl_bind_s(handle, dn, nil, &credentials, nil, nil, nil)
    }

    private func bindFailure(_ code: Int32) -> LDAPError {
        switch code {
        case LDAP_SERVER_DOWN, LDAP_CONNECT_ERROR: failure(.disconnected, code)
        case LDAP_TIMEOUT, LDAP_X_CONNECTING: failure(.timedOut(.answer), code)
        default: failure(.bindFailed, code)
        }
    }

    /// Who the server takes us for (RFC 4532), such as `dn:cn=rollcall,dc=example,dc=org`, escaped; empty for anonymous, nil when it does not say.
    package func whoAmI() throws(LDAPError) -> String? {
        var identity: UnsafeMutablePointer<berval>?
        let code = ldap_whoami_s(handle, &identity, nil, nil)
        defer { if let identity { ber_bvfree(identity) } }
        switch code {
        case LDAP_SUCCESS:
            guard let identity, let bytes = identity.pointee.bv_val else { return "" }
            return ServerText.escaped(
                UnsafeRawBufferPointer(start: bytes, count: Int(identity.pointee.bv_len)), limit: 1000)
        case LDAP_SERVER_DOWN, LDAP_CONNECT_ERROR:
            throw failure(.disconnected, code)
        case LDAP_TIMEOUT, LDAP_X_CONNECTING:
            throw failure(.timedOut(.answer), code)
        default:
            return nil
        }
    }
}

internal import CLDAP

extension LDAPConnection {
    /// Binds by SASL GSSAPI.
    ///
    /// Under TLS no second layer of encryption is asked for, which Active Directory would refuse, and the bind is tied to the server's
    /// certificate (RFC 5929 §4), which it may demand.
    func kerberosBind(_ credentials: KerberosCredentials) throws(LDAPError) {
        if let fault = credentials.obtainTicket() { throw LDAPError(.kerberos(fault), server: server.description) }
        ldap_set_option(handle, LDAP_OPT_X_SASL_SECPROPS, "noplain,noanonymous,maxssf=0")
        if settings.tls.mode != .none { set(LDAP_OPT_X_SASL_CBINDING, LDAP_OPT_X_SASL_CBINDING_TLS_ENDPOINT) }
        let code = credentials.withEnvironment { cldap_kerberos_bind(handle) }
        guard code != LDAP_SUCCESS else { return }
        let plain = bindFailure(code)
        if code < 0, let fault = KerberosFault(said: plain.serverText) {
            throw LDAPError(.kerberos(fault), server: server.description, code: code, serverText: plain.serverText)
        }
        if code == LDAP_AUTH_UNKNOWN { throw failure(.kerberos(.missingMechanism), code) }
        if code > 0 { try judgeBind(code, plain.serverText, []) }
        throw plain
    }
}

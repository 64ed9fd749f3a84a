internal import CLDAP

extension LDAPConnection {
    /// Binds by SASL GSSAPI.
    ///
    /// Under TLS no second layer of encryption is asked for, which Active Directory would refuse, and the bind is tied to the server's
    /// certificate (RFC 5929 §4), which it may demand.
    func kerberosBind(_ credentials: KerberosCredentials) throws(LDAPError) {
        let tickets = TicketCache(credentials)
        if let fault = try timed(settings.timeouts.connect, { credentials.obtainTicket(into: tickets) }) {
            throw LDAPError(.kerberos(fault), server: server.description)
        }
        ldap_set_option(handle, LDAP_OPT_X_SASL_SECPROPS, "noplain,noanonymous,maxssf=0")
        if settings.tls.mode != .none { set(LDAP_OPT_X_SASL_CBINDING, LDAP_OPT_X_SASL_CBINDING_TLS_ENDPOINT) }
        let lent = Lent(connection: self)
        // A ticket for the server is asked for within the bind, whose answer has a limit by itself.
        let code = try timed(settings.timeouts.connect * 2) {
            cldap_kerberos_bind(lent.connection.handle, tickets.name)
        }
        guard code != LDAP_SUCCESS else { return }
        let plain = bindFailure(code)
        if code < 0, let fault = KerberosFault(said: plain.serverText) {
            throw LDAPError(.kerberos(fault), server: server.description, code: code, serverText: plain.serverText)
        }
        if code == LDAP_AUTH_UNKNOWN { throw failure(.kerberos(.missingMechanism), code) }
        if code > 0 { try judgeBind(code, plain.serverText, []) }
        throw plain
    }

    /// Lets the Kerberos library ask its servers, whose limits are its own; without an answer in time the connection is given up.
    ///
    /// The call goes on by itself until the library gives up, and keeps nobody else waiting: its connection is its own, and the cache is one in memory or only read.
    private func timed<Value: Sendable>(
        _ limit: Duration, _ call: @escaping @Sendable () -> Value
    ) throws(LDAPError) -> Value {
        let left = min(limit, deadline - .now)
        if let value = TimedCall.run(within: left, isStopped: { isStopped }, call) { return value }
        isLost = true
        throw LDAPError(isStopped ? .cancelled : .kerberos(.noKerberosServer), server: server.description)
    }

    /// A connection in the hands of another thread, which keeps it until that lets go.
    private struct Lent: @unchecked Sendable {
        // Safe to share: who lent it waits, or gives it up for good.
        let connection: LDAPConnection
    }
}

internal import CLDAP
internal import Glibc

/// One connection to one server, used by one thread at a time; calls block until the answer or a time limit.
///
/// After any thrown error but a refused bind the connection is of no further use: libldap keeps such a handle broken for good.
package final class LDAPConnection {
    package let server: LDAPURL
    package let settings: ConnectionSettings
    let handle: OpaquePointer
    /// What is noticed of messages that the library throws away; it lives as long as the handle.
    let watch: UnsafePointer<cldap_watch>?
    /// When everything on this connection has to be done; work that begins later on it has its own.
    package var deadline: ContinuousClock.Instant
    /// Whether the connection was seen to be lost: nothing more is asked of the library then.
    var isLost = false
    /// "TLS1.3" and the like; nil without TLS.
    package internal(set) var tlsVersion: String?
    /// What the server said about the password when it took the bind.
    package internal(set) var notice: BindNotice?

    /// Connects, with TLS when the settings say so, but does not bind.
    ///
    /// What began earlier hands over its own deadline; without one `timeouts.pull` counts from now on.
    package init(
        to server: LDAPURL, settings: ConnectionSettings, deadline: ContinuousClock.Instant? = nil
    ) throws(LDAPError) {
        try LDAPConnection.check(server, settings.tls)
        let build = LDAPLibrary.build
        let deadline = deadline ?? ContinuousClock.now.advanced(by: settings.timeouts.pull)
        guard ContinuousClock.now < deadline else {
            throw LDAPError(.timedOut(.wholePull), server: server.description)
        }
        let socket: Int32
        do throws(ConnectedSocket.Failure) {
            socket = try ConnectedSocket.open(server, settings, until: deadline)
        } catch { throw LDAPError(error, server) }
        var handle: OpaquePointer?
        let kind = server.scheme == .ldapi ? LDAP_PROTO_IPC : LDAP_PROTO_TCP
        guard ldap_init_fd(socket, kind, server.description, &handle) == LDAP_SUCCESS, let handle else {
            close(socket)
            throw LDAPError(
                .settings("`\(server)` is not a URL that libldap understands", hint: "correct `urls`"),
                server: server.description)
        }
        self.server = server
        self.settings = settings
        self.handle = handle
        self.deadline = deadline
        watch = cldap_watch_numbers(handle)
        setOptions(build)
        guard cldap_never_reconnect(handle) == LDAP_OPT_SUCCESS, cldap_never_wait_in_reads(handle) == 0, watch != nil
        else {
            throw failure(
                .settings("libldap cannot be kept from reconnecting and waiting", hint: "use libldap 2.5 or later"))
        }
        try setTLSOptions(build)
        try startTLS()
        try checkTLSVersion()
    }

    deinit { ldap_unbind_ext(handle, nil, nil) }

    /// Whether every message so far had a number that a request can have, or was a notice to everybody.
    var isNumbered: Bool { watch.map { $0.pointee.unnumbered == 0 && $0.pointee.is_lost == 0 } ?? false }

    /// Refuses combinations that would send a password in clear or verify nothing.
    private static func check(_ server: LDAPURL, _ tls: TLSSettings) throws(LDAPError) {
        func refuse(_ sentence: String, _ hint: String) -> LDAPError {
            LDAPError(.settings(sentence, hint: hint), server: server.description)
        }
        switch (server.scheme, tls.mode) {
        case (.ldapi, .none), (.ldaps, .ldaps), (.ldap, .starttls): break
        case (.ldap, .none):
            guard server.isLocal else {
                throw refuse(
                    "`\(server)` without TLS would send everything in clear",
                    "use `tls: {mode: starttls}` or an `ldaps://` URL; `none` is for this machine only")
            }
        case (.ldapi, _): throw refuse("`\(server)` is a local socket and has no TLS", "use `tls: {mode: none}`")
        case (.ldaps, _): throw refuse("`\(server)` needs `tls: {mode: ldaps}`", "change `tls.mode` or the URL")
        case (.ldap, .ldaps):
            throw refuse("`\(server)` does not start with `ldaps://`", "change the URL or use `tls: {mode: starttls}`")
        }
        try check(tls, refuse)
    }

    private static func check(_ tls: TLSSettings, _ refuse: (String, String) -> LDAPError) throws(LDAPError) {
        if tls.mode != .none, tls.caFile == nil {
            throw refuse(
                "`tls.ca_file` is missing", "name the PEM file of the authority that signed the server's certificate")
        }
        if (tls.certificateFile == nil) != (tls.keyFile == nil) {
            throw refuse(
                "a client certificate needs its key", "give `tls.certificate_file` and `tls.key_file` together")
        }
        if let file = tls.files.first(where: { access($0, R_OK) != 0 }) {
            throw refuse("cannot read `\(file)`", "correct the path under `tls`, or let this user read the file")
        }
    }

    /// Every option that matters, set explicitly; boolean options are switched by pointer, off is nil.
    private func setOptions(_ build: LDAPLibrary.Build) {
        set(LDAP_OPT_PROTOCOL_VERSION, 3)
        ldap_set_option(handle, LDAP_OPT_REFERRALS, nil)
        ldap_set_option(handle, LDAP_OPT_RESTART, cldap_option_on())
        set(LDAP_OPT_DEREF, LDAP_DEREF_NEVER)
        set(LDAP_OPT_SIZELIMIT, 0)
        set(LDAP_OPT_TIMELIMIT, 0)
        var connect = timeval(settings.timeouts.connect)
        ldap_set_option(handle, LDAP_OPT_NETWORK_TIMEOUT, &connect)
        setAnswerTime(settings.timeouts.connect)
        if build.needsAsyncConnect { ldap_set_option(handle, LDAP_OPT_CONNECT_ASYNC, cldap_option_on()) }
        ldap_set_option(handle, LDAP_OPT_X_SASL_NOCANON, cldap_option_on())
        var socket: OpaquePointer?
        var largest = ber_len_t(settings.maximumMessageBytes)
        if ldap_get_option(handle, LDAP_OPT_SOCKBUF, &socket) == LDAP_OPT_SUCCESS {
            _ = ber_sockbuf_ctrl(socket, LBER_SB_OPT_SET_MAX_INCOMING, &largest)
        }
    }

    /// How long calls of the library that wait by themselves do so.
    func setAnswerTime(_ limit: Duration) {
        var answer = timeval(limit)
        ldap_set_option(handle, LDAP_OPT_TIMEOUT, &answer)
    }

    func set(_ option: Int32, _ value: Int32) {
        var value = value
        ldap_set_option(handle, option, &value)
    }

    /// Adds the read-ahead layer, which needs the connection to be in clear.
    func startReadingAhead() {
        guard settings.readsAhead, settings.tls.mode == .none else { return }
        _ = cldap_read_ahead(handle, 65536)
    }

    /// An error with this connection's server and what the library last heard from it.
    func failure(_ problem: LDAPError.Problem, _ code: Int32 = 0) -> LDAPError {
        LDAPError(problem, server: server.description, code: code, serverText: diagnostic)
    }

    private var diagnostic: String {
        var text: UnsafeMutablePointer<CChar>?
        guard ldap_get_option(handle, LDAP_OPT_DIAGNOSTIC_MESSAGE, &text) == LDAP_OPT_SUCCESS, let text else {
            return ""
        }
        defer { ldap_memfree(text) }
        let said = ServerText.escaped(UnsafeRawBufferPointer(start: text, count: strlen(text)))
        return said.contains("unknown error code") ? "" : said
    }
}

extension LDAPError {
    fileprivate init(_ failure: ConnectedSocket.Failure, _ server: LDAPURL) {
        switch failure {
        case .unreachable(let reason): self.init(.unreachable(reason: reason), server: server.description)
        case .timedOut: self.init(.timedOut(.connect), server: server.description)
        case .isTooLate: self.init(.timedOut(.wholePull), server: server.description)
        }
    }
}

extension timeval {
    /// Seconds and microseconds of a duration.
    init(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        self.init(tv_sec: Int(seconds), tv_usec: Int(attoseconds / 1_000_000_000_000))
    }
}

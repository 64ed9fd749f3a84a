internal import CLDAP
internal import Glibc

/// One connection to one server, used by one thread at a time; calls block until the answer or a time limit.
///
/// After any thrown error but a refused bind the connection is of no further use: libldap keeps such a handle broken for good.
package final class LDAPConnection {
    package let server: LDAPURL
    let settings: ConnectionSettings
    let handle: OpaquePointer
    /// When everything on this connection has to be done.
    let deadline: ContinuousClock.Instant
    /// "TLS1.3" and the like; nil without TLS.
    package private(set) var tlsVersion: String?

    /// Connects, with TLS when the settings say so, but does not bind.
    package init(to server: LDAPURL, settings: ConnectionSettings) throws(LDAPError) {
        try LDAPConnection.check(server, settings.tls)
        let build = LDAPLibrary.build
        let deadline = ContinuousClock.now.advanced(by: settings.timeouts.pull)
        let socket: Int32
        do throws(ConnectedSocket.Failure) {
            socket = try ConnectedSocket.open(server, timeout: settings.timeouts.connect)
        } catch {
            throw LDAPError(error, server)
        }
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
        setOptions(build)
        try setTLSOptions(build)
        try startTLS()
        try checkTLSVersion()
    }

    deinit { ldap_unbind_ext(handle, nil, nil) }

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
        var answer = timeval(settings.timeouts.idle)
        ldap_set_option(handle, LDAP_OPT_TIMEOUT, &answer)
        if build.needsAsyncConnect { ldap_set_option(handle, LDAP_OPT_CONNECT_ASYNC, cldap_option_on()) }
        ldap_set_option(handle, LDAP_OPT_X_SASL_NOCANON, cldap_option_on())
        var socket: OpaquePointer?
        var largest = ber_len_t(settings.maximumMessageBytes)
        if ldap_get_option(handle, LDAP_OPT_SOCKBUF, &socket) == LDAP_OPT_SUCCESS {
            _ = ber_sockbuf_ctrl(socket, LBER_SB_OPT_SET_MAX_INCOMING, &largest)
        }
    }

    private func set(_ option: Int32, _ value: Int32) {
        var value = value
        ldap_set_option(handle, option, &value)
    }

    /// Sets what TLS needs and then makes the context, which is what puts the options to use.
    private func setTLSOptions(_ build: LDAPLibrary.Build) throws(LDAPError) {
        let tls = settings.tls
        guard tls.mode != .none else { return }
        set(LDAP_OPT_X_TLS_REQUIRE_CERT, LDAP_OPT_X_TLS_DEMAND)
        try setText(LDAP_OPT_X_TLS_CACERTFILE, tls.caFile, "tls.ca_file")
        try setText(LDAP_OPT_X_TLS_CERTFILE, tls.certificateFile, "tls.certificate_file")
        try setText(LDAP_OPT_X_TLS_KEYFILE, tls.keyFile, "tls.key_file")
        if build.tlsPackage == "GnuTLS" {
            try setText(LDAP_OPT_X_TLS_CIPHER_SUITE, "SECURE128:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2", "tls")
        } else {
            set(LDAP_OPT_X_TLS_PROTOCOL_MIN, Int32(CLDAP_TLS_1_2))
        }
        if let pin = tls.pinSHA256 { try setText(LDAP_OPT_X_TLS_PEERKEY_HASH, "sha256:" + pin, "tls.pin_sha256") }
        var client: Int32 = 0
        let made = ConnectLog.listen { ldap_set_option(handle, LDAP_OPT_X_TLS_NEWCTX, &client) }
        guard made.result == LDAP_OPT_SUCCESS else {
            let files = tls.files.joined(separator: "`, `")
            throw failure(
                .settings(
                    "TLS cannot use `\(files)`",
                    hint: "give PEM files: authorities, and the client's certificate with its key"))
        }
    }

    private func setText(_ option: Int32, _ value: String?, _ key: String) throws(LDAPError) {
        guard let value else { return }
        guard ldap_set_option(handle, option, value) == LDAP_OPT_SUCCESS else {
            throw failure(.settings("`\(key)` is not usable", hint: "correct `\(key)`"))
        }
    }

    /// Shakes hands, after the StartTLS operation where that is the mode, and finds out why if it fails.
    private func startTLS() throws(LDAPError) {
        guard settings.tls.mode != .none else { return }
        let (code, log) = ConnectLog.listen { () -> Int32 in
            repeated { settings.tls.mode == .starttls ? ldap_start_tls_s(handle, nil, nil) : ldap_install_tls(handle) }
        }
        guard code != LDAP_SUCCESS else { return }
        if let fault = TLSFault(log: log) { throw failure(.tls(fault), code) }
        switch code {
        case LDAP_TIMEOUT, LDAP_X_CONNECTING, LDAP_CONNECT_ERROR: throw failure(.timedOut(.connect), code)
        case LDAP_SERVER_DOWN: throw failure(.disconnected, code)
        default: throw failure(.startTLSRefused, code)
        }
    }

    /// Calls again while the library says that it is not done.
    private func repeated(_ call: () -> Int32) -> Int32 {
        let end = ContinuousClock.now.advanced(by: settings.timeouts.connect)
        while true {
            let code = call()
            guard code == LDAP_X_CONNECTING, ContinuousClock.now < end else { return code }
            usleep(2_000)
        }
    }

    private func checkTLSVersion() throws(LDAPError) {
        guard settings.tls.mode != .none else { return }
        var text: UnsafeMutablePointer<CChar>?
        guard ldap_tls_inplace(handle) == 1, ldap_get_option(handle, LDAP_OPT_X_TLS_VERSION, &text) == LDAP_OPT_SUCCESS,
            let text
        else { throw failure(.tls(.other(reason: "the connection is not protected"))) }
        let version = String(cString: text)
        ldap_memfree(text)
        tlsVersion = version
        guard version.contains("1.2") || version.contains("1.3") else { throw failure(.oldTLS(version: version)) }
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

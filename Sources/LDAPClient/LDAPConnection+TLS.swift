internal import CLDAP
internal import Glibc

/// The protection of a connection: set up before anything is sent, and checked after the handshake.
extension LDAPConnection {
    /// Sets what TLS needs and then makes the context, which is what puts the options to use.
    func setTLSOptions(_ build: LDAPLibrary.Build) throws(LDAPError) {
        let tls = settings.tls
        guard tls.mode != .none else { return }
        set(LDAP_OPT_X_TLS_REQUIRE_CERT, LDAP_OPT_X_TLS_DEMAND)
        // The common name has stopped counting (RFC 9525 §2).
        set(LDAP_OPT_X_TLS_REQUIRE_SAN, LDAP_OPT_X_TLS_DEMAND)
        try setText(LDAP_OPT_X_TLS_CACERTFILE, tls.caFile, "tls.ca_file")
        try setText(LDAP_OPT_X_TLS_CERTFILE, tls.certificateFile, "tls.certificate_file")
        try setText(LDAP_OPT_X_TLS_KEYFILE, tls.keyFile, "tls.key_file")
        try setText(LDAP_OPT_X_TLS_CRLFILE, tls.crlFile, "tls.crl_file")
        if build.tlsPackage == "GnuTLS" {
            try setText(
                LDAP_OPT_X_TLS_CIPHER_SUITE, "SECURE128:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:%PROFILE_MEDIUM", "tls")
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
    func startTLS() throws(LDAPError) {
        guard settings.tls.mode != .none else { return }
        let (code, log) = ConnectLog.listen { () -> Int32 in
            LDAPConnection.repeated(within: settings.timeouts.connect) {
                settings.tls.mode == .starttls ? ldap_start_tls_s(handle, nil, nil) : ldap_install_tls(handle)
            }
        }
        guard code != LDAP_SUCCESS else { return }
        if let fault = TLSFault(log: log) { throw explained(fault, code) }
        switch code {
        case LDAP_TIMEOUT, LDAP_X_CONNECTING, LDAP_CONNECT_ERROR: throw failure(.timedOut(.connect), code)
        case LDAP_SERVER_DOWN, LDAP_DECODING_ERROR: throw failure(.disconnected, code)
        default: throw failure(.startTLSRefused, code)
        }
    }

    /// The fault with the certificate that it is about, and by it.
    private func explained(_ fault: TLSFault, _ code: Int32) -> LDAPError {
        var found = fault
        var certificate: ServerCertificate?
        if fault.isAboutCertificate {
            certificate = TLSDiagnosis(server: server, settings: settings).certificate()
            found = fault.refined(by: certificate, host: server.host)
        }
        var error = failure(.tls(found), code)
        error.certificate = certificate
        return error
    }

    /// Calls again while the library says that it is not done.
    static func repeated(within limit: Duration, _ call: () -> Int32) -> Int32 {
        let end = ContinuousClock.now.advanced(by: limit)
        while true {
            let code = call()
            guard code == LDAP_X_CONNECTING, ContinuousClock.now < end else { return code }
            usleep(2_000)
        }
    }

    /// The certificate that the server showed; nil without TLS.
    package var serverCertificate: ServerCertificate? {
        settings.tls.mode == .none ? nil : TLSDiagnosis.certificate(of: handle)
    }

    func checkTLSVersion() throws(LDAPError) {
        guard settings.tls.mode != .none else { return }
        var text: UnsafeMutablePointer<CChar>?
        guard ldap_tls_inplace(handle) == 1, ldap_get_option(handle, LDAP_OPT_X_TLS_VERSION, &text) == LDAP_OPT_SUCCESS,
            let text
        else { throw failure(.tls(.other(reason: "the connection is not protected"))) }
        let version = String(cString: text)
        ldap_memfree(text)
        tlsVersion = version
        guard version.contains("1.2") || version.contains("1.3") else { throw failure(.oldTLS(version: version)) }
        // The library does not look at what a certificate is for.
        guard let certificate = TLSDiagnosis.certificate(of: handle), !certificate.isForServers else { return }
        var error = failure(.tls(.wrongPurpose))
        error.certificate = certificate
        throw error
    }
}

internal import CLDAP
internal import Glibc

/// A second handshake after one that failed, only to see the certificate that was not accepted.
///
/// It is made on a connection of its own that nothing but the handshake goes over: no bind, no search, nothing secret. What the
/// certificate says goes into the message for the admin and nowhere else.
struct TLSDiagnosis {
    let server: LDAPURL
    let settings: ConnectionSettings

    /// The certificate; nil when there is no handshake to be had.
    func certificate() -> ServerCertificate? {
        guard let socket = try? ConnectedSocket.open(server, settings) else { return nil }
        var made: OpaquePointer?
        guard ldap_init_fd(socket, LDAP_PROTO_TCP, server.description, &made) == LDAP_SUCCESS, let handle = made else {
            close(socket)
            return nil
        }
        defer { ldap_unbind_ext(handle, nil, nil) }
        set(handle, LDAP_OPT_PROTOCOL_VERSION, 3)
        var limit = timeval(settings.timeouts.connect)
        ldap_set_option(handle, LDAP_OPT_NETWORK_TIMEOUT, &limit)
        ldap_set_option(handle, LDAP_OPT_TIMEOUT, &limit)
        if LDAPLibrary.build.needsAsyncConnect {
            ldap_set_option(handle, LDAP_OPT_CONNECT_ASYNC, cldap_option_on())
        }
        guard cldap_never_wait_in_reads(handle) == 0 else { return nil }
        set(handle, LDAP_OPT_X_TLS_REQUIRE_CERT, LDAP_OPT_X_TLS_NEVER)
        var client: Int32 = 0
        guard ldap_set_option(handle, LDAP_OPT_X_TLS_NEWCTX, &client) == LDAP_OPT_SUCCESS else { return nil }
        let code = LDAPConnection.repeated(within: settings.timeouts.connect) {
            settings.tls.mode == .starttls ? ldap_start_tls_s(handle, nil, nil) : ldap_install_tls(handle)
        }
        guard code == LDAP_SUCCESS else { return nil }
        return TLSDiagnosis.certificate(of: handle)
    }

    /// The certificate that the server showed on a connection with TLS.
    static func certificate(of handle: OpaquePointer) -> ServerCertificate? {
        var bytes = berval()
        guard ldap_get_option(handle, LDAP_OPT_X_TLS_PEERCERT, &bytes) == LDAP_OPT_SUCCESS, bytes.bv_val != nil else {
            return nil
        }
        defer { ldap_memfree(bytes.bv_val) }
        return [UInt8](copying: bytes).flatMap { ServerCertificate(der: $0) }
    }

    private func set(_ handle: OpaquePointer, _ option: Int32, _ value: Int32) {
        var value = value
        ldap_set_option(handle, option, &value)
    }
}

extension TLSFault {
    /// The fault by what the certificate says, where that tells more than the library does.
    func refined(by certificate: ServerCertificate?, host: String) -> TLSFault {
        guard let certificate else { return self }
        switch self {
        case .untrusted where certificate.isSelfIssued: return .selfSigned
        case .untrusted where certificate.hasWeakSignature: return .weak
        case .untrusted where certificate.rsaBits.map({ $0 < 2048 }) == true: return .weak
        case .wrongHost: return TLSFault(misnamed: certificate)
        // With GnuTLS the library says nothing at all when only the name is wrong.
        case .other where !certificate.covers(host): return TLSFault(misnamed: certificate)
        default: return self
        }
    }

    private init(misnamed certificate: ServerCertificate) {
        let all = certificate.names + certificate.addresses
        self =
            all.isEmpty
            ? .noNames(common: certificate.subject) : .wrongHost(certificate: all.joined(separator: "`, `"))
    }
}

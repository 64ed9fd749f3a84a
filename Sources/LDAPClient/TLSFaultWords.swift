extension TLSFault {
    /// What is wrong, after "TLS with … failed:", with what the certificate says about it.
    func sentence(_ certificate: ServerCertificate?) -> String {
        switch self {
        case .untrusted:
            "its certificate does not come from an authority in `tls.ca_file`" + TLSFault.signer(certificate)
        case .selfSigned:
            "its certificate is signed by itself, and `tls.ca_file` does not hold it" + TLSFault.subject(certificate)
        case .expired: "its certificate, or that of its authority, has expired" + TLSFault.end(certificate)
        case .notYetValid: "its certificate is not valid yet" + TLSFault.start(certificate)
        case .revoked: "its certificate is revoked"
        case .staleRevocationList: "the list in `tls.crl_file` is out of date"
        case .weak: "its certificate has a key or a signature that is too weak"
        case .wrongPurpose: "its certificate is not meant for servers, or not for this one"
        case .wrongHost(let name):
            name.isEmpty ? "its certificate is for another host" : "its certificate is for another host: `\(name)`"
        case .noNames(let common):
            "its certificate has no alternative names"
                + (common.isEmpty ? "" : ", and its common name `\(common)` does not count")
        case .wrongKey: "its key is not the one in `tls.pin_sha256`"
        case .closed: "it ended the connection in the middle of the handshake"
        case .notTLS(let reason): "it does not speak TLS there: \(reason)"
        case .noCommonVersion(let reason): "no version or cipher in common: \(reason)"
        case .clientCertificate(let reason): "our certificate was not accepted: \(reason)"
        case .other(let reason): reason
        }
    }

    /// What to do about it.
    var remedy: String {
        switch self {
        case .untrusted: "put the certificate of the authority that signed the server's into `tls.ca_file`"
        case .selfSigned:
            "give the server a certificate of an authority, or name a file with its own as `tls.ca_file` after comparing it"
        case .expired: "renew the server's certificate"
        case .notYetValid: "check the clocks of this machine and of the server"
        case .revoked, .weak: "give the server a new certificate"
        case .staleRevocationList: "fetch a fresh list from the authority into `tls.crl_file`"
        case .wrongPurpose: "give the server a certificate for servers (`extendedKeyUsage = serverAuth`)"
        case .wrongHost: "use a host name of the certificate in `urls`, or give the server a certificate for this one"
        case .noNames: "give the server a certificate with its host name as `subjectAltName`"
        case .wrongKey: "if the server's key was changed on purpose, update `tls.pin_sha256`"
        case .closed:
            "look at the server's log; a port without TLS, such as 389, wants `ldap://` with `tls: {mode: starttls}`"
        case .notTLS:
            "check that the port speaks TLS from the first byte; for port 389 use `ldap://` with `tls: {mode: starttls}`"
        case .noCommonVersion: "enable TLS 1.2 or 1.3 on the server"
        case .clientCertificate: "check `tls.certificate_file` and `tls.key_file`"
        case .other: "look at the server's log"
        }
    }

    private static func signer(_ certificate: ServerCertificate?) -> String {
        guard let certificate, !certificate.issuer.isEmpty else { return "" }
        return "; it was signed by `\(certificate.issuer)`"
    }

    private static func subject(_ certificate: ServerCertificate?) -> String {
        guard let certificate, !certificate.subject.isEmpty else { return "" }
        return "; it is for `\(certificate.subject)`"
    }

    private static func end(_ certificate: ServerCertificate?) -> String {
        guard let certificate, !certificate.notAfter.isEmpty else { return "" }
        return "; the server's was valid until \(certificate.notAfter)"
    }

    private static func start(_ certificate: ServerCertificate?) -> String {
        guard let certificate, !certificate.notBefore.isEmpty else { return "" }
        return "; the server's is from \(certificate.notBefore)"
    }
}

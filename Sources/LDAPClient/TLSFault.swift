/// Why a TLS handshake failed, as far as the library tells.
package enum TLSFault: Sendable, Equatable {
    /// The certificate does not lead to an authority of the CA file.
    case untrusted
    /// The same, and it is signed by itself.
    case selfSigned
    case expired
    case notYetValid
    case revoked
    /// Signed by an algorithm or key that is too weak.
    case weak
    /// The certificate's purpose or constraints do not allow a server of this kind.
    case wrongPurpose
    /// A list of certificates taken back is older than it says it may be.
    case staleRevocationList
    /// The certificate names somebody else: `certificate` are the names it has, empty when they are not known.
    case wrongHost(certificate: String)
    /// The certificate has no alternative names, only a common name, which has stopped counting.
    case noNames(common: String)
    /// The server's key is not the pinned one.
    case wrongKey
    /// The other side ended the connection in the middle of the handshake.
    case closed
    /// The other side does not speak TLS.
    case notTLS(reason: String)
    /// No protocol version or cipher in common.
    case noCommonVersion(reason: String)
    /// The server refused our certificate or wants one.
    case clientCertificate(reason: String)
    case other(reason: String)

    /// Reads the fault from what libldap logs while it connects; nil when TLS was not what failed.
    ///
    /// The diagnostic message of the handle only says "unknown error code" with GnuTLS, which Debian builds with; the log has the reason.
    package init?(log: [String]) {
        for line in log {
            if let fault = TLSFault(verification: line) {
                self = fault
                return
            }
        }
        for line in log {
            guard let reason = line.text(after: "TLS: can't connect: ") else { continue }
            self = TLSFault(reason: reason)
            return
        }
        return nil
    }

    /// Whether a look at the certificate tells more.
    var isAboutCertificate: Bool {
        switch self {
        case .closed, .notTLS, .noCommonVersion, .clientCertificate: false
        default: true
        }
    }

    private init?(verification line: String) {
        if let flags = line.text(after: "TLS: peer cert untrusted or revoked (0x") {
            self = TLSFault(flags: UInt32(flags.prefix(while: \.isHexDigit), radix: 16) ?? 0)
        } else if line.contains("does not match common name") || line.contains("unable to get common name") {
            let name = line.text(after: "certificate (").map { String($0.prefix { $0 != ")" }) }
            self = .wrongHost(certificate: name ?? "")
        } else if line.contains("public key hash does not match") || line.contains("tlsg_session_pinning") {
            self = .wrongKey
        } else if line.contains("certificate has expired") || line.contains("certificate is expired") {
            self = .expired
        } else if line.contains("unable to get local issuer") || line.contains("self-signed certificate")
            || line.contains("self signed certificate")
        {
            self = .untrusted
        } else {
            return nil
        }
    }

    /// The verification status of GnuTLS (`gnutls_certificate_status_t`), the gravest flag first.
    private init(flags: UInt32) {
        if flags & 1 << 5 != 0 {
            self = .revoked
        } else if flags & (1 << 12 | 1 << 15) != 0 {
            self = .staleRevocationList
        } else if flags & (1 << 6 | 1 << 7 | 1 << 11) != 0 {
            self = .untrusted
        } else if flags & 1 << 10 != 0 {
            self = .expired
        } else if flags & 1 << 9 != 0 {
            self = .notYetValid
        } else if flags & 1 << 8 != 0 {
            self = .weak
        } else if flags & (1 << 14 | 1 << 16 | 1 << 18) != 0 {
            self = .wrongPurpose
        } else {
            self = .untrusted
        }
    }

    private init(reason: String) {
        var reason = reason.utf8Range(of: "\\0A").map { String(reason[..<$0.lowerBound]) } ?? reason
        while let last = reason.unicodeScalars.last, last == "." || last == "\n" || last == " " {
            reason.unicodeScalars.removeLast()
        }
        let lower = reason.lowercased()
        if lower.contains("non-properly terminated") || lower.contains("error in the pull function")
            || lower.contains("error in the push function") || lower.contains("connection reset")
        {
            self = .closed
        } else if lower.contains("unexpected tls packet") || lower.contains("wrong version number") {
            self = .notTLS(reason: reason)
        } else if lower.contains("protocol version") || lower.contains("illegal or unsupported version")
            || lower.contains("no supported cipher")
            || lower.contains("handshake failed")
        {
            self = .noCommonVersion(reason: reason)
        } else if lower.contains("fatal alert"), lower.contains("certificate") {
            self = .clientCertificate(reason: reason)
        } else {
            self = .other(reason: reason)
        }
    }
}

extension String {
    /// What follows the first place of `mark`; nil when it does not occur.
    fileprivate func text(after mark: String) -> String? {
        utf8Range(of: mark).map { String(self[$0.upperBound...]) }
    }
}

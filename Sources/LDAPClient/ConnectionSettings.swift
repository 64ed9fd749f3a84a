/// How to talk to a server; the same for all servers of one directory.
package struct ConnectionSettings: Sendable {
    package var tls: TLSSettings
    package var timeouts: Timeouts
    /// The longest message accepted from a server, in bytes: a hostile one cannot fill the memory.
    package var maximumMessageBytes: Int
    /// The most entries that one search may have: a server without an end cannot fill the memory either.
    package var maximumEntries = 20_000_000
    /// Whether to read ahead on connections without TLS: fewer system calls, the same entries.
    package var readsAhead: Bool
    /// Raised to end every wait on the connection; nil when nobody does.
    package var stop: StopFlag?
    /// Addresses of host names that are not to be resolved; certificates still have to name the host.
    package var addresses: [String: String] = [:]
    /// Asked for the addresses of a host whenever it is connected to; nil, or an answer of nil, leaves that to the system.
    package var resolver: (@Sendable (String) -> [String]?)?

    package init(
        tls: TLSSettings = TLSSettings(mode: .none), timeouts: Timeouts = Timeouts(),
        maximumMessageBytes: Int = 256 << 20, readsAhead: Bool = true, stop: StopFlag? = nil
    ) {
        self.tls = tls
        self.timeouts = timeouts
        self.maximumMessageBytes = maximumMessageBytes
        self.readsAhead = readsAhead
        self.stop = stop
    }

    /// What is resolved in place of a host name.
    func names(of host: String) -> [String] { resolver?(host) ?? [addresses[host] ?? host] }
}

/// How long to wait for what.
package struct Timeouts: Sendable, Equatable {
    /// For each step until the server took the bind: resolving the name, connecting to an address, the TLS handshake, the bind.
    package var connect: Duration
    /// For the next message of the server.
    package var idle: Duration
    /// For everything between connecting and the last answer, attempts that failed and other servers included.
    package var pull: Duration

    package init(connect: Duration = .seconds(10), idle: Duration = .seconds(30), pull: Duration = .seconds(1800)) {
        self.connect = connect
        self.idle = idle
        self.pull = pull
    }
}

/// How the connection is protected.
///
/// The server's certificate is always verified.
package struct TLSSettings: Sendable, Equatable {
    package enum Mode: String, Sendable {
        /// TLS from the first byte, for `ldaps://`.
        case ldaps
        /// TLS after the StartTLS operation, for `ldap://`; nothing else is sent before.
        case starttls
        /// No TLS: loopback and `ldapi://` only.
        case none
    }

    package var mode: Mode
    /// Path of the PEM file of trusted authorities; needed with TLS, there is no other trust store.
    package var caFile: String?
    /// Base64 of the SHA-256 of the server's public key (SubjectPublicKeyInfo): accepted is that key only.
    package var pinSHA256: String?
    /// Paths of the client's certificate and key (PEM), for SASL EXTERNAL.
    package var certificateFile: String?
    package var keyFile: String?
    /// Path of the PEM file of lists of certificates that the authorities took back.
    package var crlFile: String?

    package init(
        mode: Mode, caFile: String? = nil, pinSHA256: String? = nil, certificateFile: String? = nil,
        keyFile: String? = nil, crlFile: String? = nil
    ) {
        self.mode = mode
        self.caFile = caFile
        self.pinSHA256 = pinSHA256
        self.certificateFile = certificateFile
        self.keyFile = keyFile
        self.crlFile = crlFile
    }

    /// The paths that are given.
    var files: [String] { [caFile, certificateFile, keyFile, crlFile].compactMap { $0 } }
}

/// How to tell the server who we are.
package enum BindMethod: Sendable {
    /// A DN and a password; an empty password is refused before it is sent.
    case simple(dn: String, password: Secret)
    /// SASL EXTERNAL: the client certificate, or the user at the other end of an `ldapi://` socket.
    case external
    /// Kerberos, by SASL GSSAPI.
    case gssapi(KerberosCredentials)
    case anonymous
}

/// The addresses that the names of the servers stand for.
package struct NameFacts: Sendable, Equatable {
    package struct Host: Sendable, Equatable {
        /// URL of the server.
        package var server: String
        /// In the order of the system; empty for a socket of this machine.
        package var addresses: [String]

        package init(server: String, addresses: [String]) {
            self.server = server
            self.addresses = addresses
        }
    }

    /// The domain whose SRV records named the servers; nil where they are named themselves.
    package var domain: String?
    package var hosts: [Host]
    package var faults: [ServerFault]

    package init(domain: String? = nil, hosts: [Host] = [], faults: [ServerFault] = []) {
        self.domain = domain
        self.hosts = hosts
        self.faults = faults
    }
}

/// What came of connecting to each address.
package struct ConnectionFacts: Sendable, Equatable {
    package struct Attempt: Sendable, Equatable {
        package var server: String
        /// Empty for a socket of this machine.
        package var address: String
        package var milliseconds: Int
        /// In the words of the system; nil where the connection stood.
        package var reason: String?

        package init(server: String, address: String, milliseconds: Int, reason: String? = nil) {
            self.server = server
            self.address = address
            self.milliseconds = milliseconds
            self.reason = reason
        }
    }

    package var attempts: [Attempt]
    package var faults: [ServerFault]

    package init(attempts: [Attempt] = [], faults: [ServerFault] = []) {
        self.attempts = attempts
        self.faults = faults
    }
}

/// What the handshake came to with each server.
package struct TLSFacts: Sendable, Equatable {
    /// The certificate that a server showed, accepted or not.
    package struct Certificate: Sendable, Equatable {
        package var server: String
        /// `TLS1.3`; nil where the handshake failed.
        package var version: String?
        package var subject: String
        package var issuer: String
        package var names: [String]
        /// `2026-11-21 12:00:00 UTC`; empty where it cannot be read.
        package var notBefore: String
        package var notAfter: String
        /// SubjectPublicKeyInfo in DER, by whose hash a key is pinned.
        package var publicKey: [UInt8]

        package init(
            server: String, version: String? = nil, subject: String = "", issuer: String = "", names: [String] = [],
            notBefore: String = "", notAfter: String = "", publicKey: [UInt8] = []
        ) {
            self.server = server
            self.version = version
            self.subject = subject
            self.issuer = issuer
            self.names = names
            self.notBefore = notBefore
            self.notAfter = notAfter
            self.publicKey = publicKey
        }

        /// Whole days until it ends, negative when it has; nil where its end cannot be read.
        package func daysLeft(at now: Int64) -> Int? {
            let digits = notAfter.utf8.filter { (0x30...0x39).contains($0) }
            guard digits.count == 14, let end = GeneralizedTime.seconds(digits + [UInt8(ascii: "Z")]) else {
                return nil
            }
            let (left, overflow) = end.subtractingReportingOverflow(now)
            guard !overflow else { return nil }
            return Int((left >= 0 ? left : left - 86_399) / 86_400)
        }
    }

    package enum Mode: String, Sendable { case ldaps, starttls, none }

    package var mode: Mode
    package var caFile: String
    package var isPinned: Bool
    package var certificates: [Certificate]
    package var faults: [ServerFault]

    package init(
        mode: Mode, caFile: String = "", isPinned: Bool = false, certificates: [Certificate] = [],
        faults: [ServerFault] = []
    ) {
        self.mode = mode
        self.caFile = caFile
        self.isPinned = isPinned
        self.certificates = certificates
        self.faults = faults
    }
}

/// As whom the server took us.
package struct BindFacts: Sendable, Equatable {
    package enum Notice: Sendable, Equatable {
        case passwordExpires(seconds: Int)
        case graceLogins(Int)
    }

    package var server: String
    package var account: ExaminedAccess.Bind
    package var notice: Notice?

    package init(server: String, account: ExaminedAccess.Bind, notice: Notice? = nil) {
        self.server = server
        self.account = account
        self.notice = notice
    }
}

/// Who the server takes us for (RFC 4532).
package struct IdentityFacts: Sendable, Equatable {
    /// Empty for anonymous, nil when the server does not say.
    package var identity: String?
    package var asked: ExaminedAccess.Bind

    package init(identity: String?, asked: ExaminedAccess.Bind) {
        self.identity = identity
        self.asked = asked
    }
}

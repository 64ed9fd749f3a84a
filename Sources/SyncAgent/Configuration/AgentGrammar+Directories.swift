import Diagnostics

/// The part of the grammar about directories.
extension AgentGrammar {
    static let directory = Shape.object(
        "a directory",
        [
            .required("name", .text(.id), "Name of the directory: corp."),
            .required(
                "kind",
                .choice(["openldap", "active-directory", "389ds", "freeipa", "ldif"]),
                "What kind of server it is, or a file is from; ldif for a file as OpenLDAP writes it."),
            .optional("urls", .list(.text, count: 1...20), "Servers, tried in order: ldaps://ldap1.example.org."),
            .optional(
                "srv", .text(domain),
                "Domain whose SRV records name the servers, all inside the domain: _ldaps._tcp with TLS from the start, or else _ldap._tcp."
            ),
            .optional("file", path, "LDIF file; its kind is that of the server that it was exported from."),
            .optional("bind", bind, "How rollcall says who it is."),
            .optional("tls", tls, "How the connection is protected."),
            .required("people", search, "Where people are."),
            .required("groups", groups, "Where groups are."),
            .optional("attributes", attributes, "Which attribute says what."),
            .optional(
                "trusted_attributes", .list(.text(attributeName), count: 0...239), default: "[]",
                "Attributes that people cannot edit on themselves: the only ones that rules may use."),
            .optional(
                "email_domains", .list(.text(domain)), default: "[]", "The only domains that invitations go to."),
            .optional(
                "sentinels", .list(.text, count: 0...1_000), default: "[]",
                "Immutable ids of people and groups that every complete pull has seen."),
            .optional("incremental", .choice(["auto", "off"]), default: "auto", "Whether to read only what changed."),
            .optional("timeouts", timeouts, "How long to wait for what."),
            .optional(
                "page_size", .oneOf([.null, .integer(1...1_000_000)]),
                "Entries asked for at a time, where the server has a limit of its own; the kind has a default, and null asks for all at once."
            ),
        ], [.exactlyOne(["urls", "srv", "file"])])

    static let bind = Shape.object(
        "a bind",
        [
            .optional(
                "method",
                .choice(["simple", "external", "gssapi", "anonymous"]), default: "simple", "How to say who we are."),
            .optional("dn", .text, "DN of the account that rollcall reads with."),
            .optional("password_file", path, "File that holds the password; only its owner may read it."),
            .optional(
                "password_command", .list(.text, count: 1...100),
                "Program, by its absolute path, that prints the password."),
            .optional("password_credential", .text(credentialName), "Name of a credential that systemd hands over."),
            .optional("keytab", path, "File with the keys of our Kerberos principal, for method gssapi."),
            .optional("ccache", .text, "Cache with a Kerberos ticket that somebody else renews, for method gssapi."),
            .optional(
                "principal", .text, "Whose key of the keytab to use: rollcall@EXAMPLE.ORG; the first when absent."),
        ],
        [.atMostOne(["password_file", "password_command", "password_credential"]), .atMostOne(["keytab", "ccache"])])

    static let tls = Shape.object(
        "the TLS settings",
        [
            .optional(
                "mode", .choice(["ldaps", "starttls", "none"]),
                "TLS from the start, after StartTLS, or none (loopback and ldapi only)."),
            .optional(
                "ca_file", path, default: "/etc/ssl/certs/ca-certificates.crt",
                "Certificates of the authorities to trust, PEM."),
            .optional("pin_sha256", .text(pin), "Base64 of the SHA-256 of the server's public key."),
            .optional("certificate_file", path, "Our own certificate, PEM, for bind method external."),
            .optional("key_file", path, "The key of our own certificate, PEM."),
            .optional("crl_file", path, "Lists of certificates that the authorities took back, PEM."),
        ], [.needs("certificate_file", "key_file"), .needs("key_file", "certificate_file")])

    static let search = Shape.object("a search", searchKeys)

    static let groups = Shape.object(
        "a search",
        searchKeys + [
            .optional(
                "members", .list(.text(attributeName), count: 1...20),
                "Attributes of groups that hold their members: DNs, but logins in memberUid; the kind has a default.")
        ])

    private static let searchKeys: [Key] = [
        .optional("bases", .list(.text, count: 1...1_000), "DNs below which to look; needed."),
        .optional("filter", .text, "LDAP filter of what to read; the kind has a default."),
        .optional("exclude", .text, "LDAP filter of what to leave out."),
    ]

    static let attributes = Shape.object(
        "the attributes",
        [
            .optional(
                "id", .text(attributeName),
                "The immutable id: objectGUID, nsUniqueId, ipaUniqueID or entryUUID where absent, by the kind."),
            .optional("login", .text(attributeName), "The login: sAMAccountName or uid where absent, by the kind."),
            .optional("email", .text(attributeName), default: "mail", "The email."),
            .optional(
                "aliases", .list(.text(attributeName), count: 0...20),
                "Further emails; of proxyAddresses, the default of active-directory, those of email."),
            .optional(
                "disabled",
                .object(
                    "what says disabled",
                    [
                        .required("attribute", .text(attributeName), "Attribute that says so."),
                        .required("equals", .text, "The value that says so."),
                    ]), "What says that an account is disabled, besides the kind's own flag."),
            .optional(
                "disabled_flag", .choice(["auto", "off"]), default: "auto",
                "Whether the kind's own flag says that an account is disabled."),
            .optional(
                "last_sign_in", .oneOf([.null, .text(attributeName)]),
                "Time of the last sign-in; the kind has a default, and null takes none."),
            .optional(
                "expires", .oneOf([.null, .text(attributeName)]),
                "When the account ends, after which it counts as disabled; the kind has a default, and null takes none."
            ),
        ])

    static let timeouts = Shape.object(
        "the timeouts",
        [
            .optional(
                "connect", .duration(.seconds(1)...(.seconds(600))), default: "10s",
                "For each step until the server took the bind."),
            .optional("idle", .duration(.seconds(1)...(.seconds(3_600))), default: "30s", "For the next answer."),
            .optional(
                "pull", .duration(.seconds(1)...(.seconds(86_400))), default: "30m",
                "For all of a pull, further attempts and other servers included."),
        ])

    static let attributeName = TextPattern(
        what: "the name of an attribute", regex: "^[A-Za-z][A-Za-z0-9-]*$", longest: 128
    ) { name in
        guard let first = name.utf8.first, isLetter(first) else { return false }
        return name.utf8.allSatisfy { isLetter($0) || (0x30...0x39).contains($0) || $0 == 0x2D }
    }

    static let domain = TextPattern(
        what: "a domain like `example.org`", regex: "^[^@\\s./]+(\\.[^@\\s./]+)+$", longest: 253
    ) { name in
        let labels = name.utf8.split(separator: 0x2E, omittingEmptySubsequences: false)
        return labels.count > 1
            && labels.allSatisfy { !$0.isEmpty && $0.allSatisfy { $0 > 0x20 && $0 != 0x40 && $0 != 0x2F } }
    }

    static let pin = TextPattern(
        what: "base64 of a SHA-256: 43 characters and `=`", regex: "^[A-Za-z0-9+/]{43}=$", longest: 44
    ) { text in
        text.utf8.count == 44 && text.utf8.last == 0x3D
            && text.utf8.dropLast().allSatisfy { isLetter($0) || (0x2F...0x39).contains($0) || $0 == 0x2B }
    }

    static let credentialName = TextPattern(
        what: "the name of a credential", regex: "^[A-Za-z0-9_-][A-Za-z0-9._-]*$", longest: 255
    ) { name in
        name.utf8.first != 0x2E && !name.isEmpty
            && name.utf8.allSatisfy {
                isLetter($0) || (0x30...0x39).contains($0) || [0x2E, 0x5F, 0x2D].contains($0)
            }
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }
}

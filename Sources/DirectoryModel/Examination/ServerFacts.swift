/// What the server says of itself, and how it will be read because of it.
package struct ServerFacts: Sendable, Equatable {
    /// nil when nothing tells.
    package var kind: DirectoryKind?
    /// What the configuration says it is; nil without one.
    package var configuredKind: DirectoryKind?
    package var vendor: String
    package var mechanisms: [String]
    package var capabilities: Capabilities
    /// Port 3268 or 3269 of Active Directory.
    package var isGlobalCatalog: Bool
    /// Every setting that the kind has a default for.
    package var settings: [Setting]

    package struct Capabilities: OptionSet, Sendable, Hashable {
        package let rawValue: UInt16
        package init(rawValue: UInt16) { self.rawValue = rawValue }

        package static let paging = Capabilities(rawValue: 1 << 0)
        package static let contentSync = Capabilities(rawValue: 1 << 1)
        package static let dirSync = Capabilities(rawValue: 1 << 2)
        package static let showDeleted = Capabilities(rawValue: 1 << 3)
        package static let effectiveRights = Capabilities(rawValue: 1 << 4)
        package static let startTLS = Capabilities(rawValue: 1 << 5)
        package static let whoAmI = Capabilities(rawValue: 1 << 6)
    }

    /// What something is called, by default and here.
    package struct Setting: Sendable, Equatable {
        /// `attributes.id`, as a configuration writes it.
        package var key: String
        package var standard: String
        /// What is used; the same as `standard` where nothing overrides it.
        package var value: String
        /// Whether a configuration may say something else.
        package var isSettable: Bool

        package init(_ key: String, standard: String, value: String? = nil, isSettable: Bool = true) {
            self.key = key
            self.standard = standard
            self.value = value ?? standard
            self.isSettable = isSettable
        }
    }

    package init(
        kind: DirectoryKind?, configuredKind: DirectoryKind? = nil, vendor: String = "", mechanisms: [String] = [],
        capabilities: Capabilities = [], isGlobalCatalog: Bool = false, settings: [Setting] = []
    ) {
        self.kind = kind
        self.configuredKind = configuredKind
        self.vendor = vendor
        self.mechanisms = mechanisms
        self.capabilities = capabilities
        self.isGlobalCatalog = isGlobalCatalog
        self.settings = settings
    }
}

/// What the server holds, and whether the bases are there.
package struct BaseFacts: Sendable, Equatable {
    package enum Branch: String, Sendable { case people, groups }

    package enum Standing: Sendable, Equatable {
        case found
        /// There is no such entry, or it may not be seen; the deepest one above it that may.
        case missing(above: String)
        /// The server answers for it with this code and text.
        case refused(code: Int32, text: String)
    }

    package struct Base: Sendable, Equatable {
        package var branch: Branch
        package var dn: String
        package var standing: Standing

        package init(_ branch: Branch, _ dn: String, _ standing: Standing) {
            self.branch = branch
            self.dn = dn
            self.standing = standing
        }
    }

    package struct Domain: Sendable, Equatable {
        package var context: String
        package var host: String
        /// nil when the account may not see it.
        package var securityID: String?

        package init(context: String, host: String, securityID: String? = nil) {
            self.context = context
            self.host = host
            self.securityID = securityID
        }
    }

    package var contexts: [String]
    package var domain: Domain?
    package var bases: [Base]
    /// Whether the bases were looked for because nobody named them.
    package var areGuessed: Bool

    package init(
        contexts: [String] = [], domain: Domain? = nil, bases: [Base] = [], areGuessed: Bool = false
    ) {
        self.contexts = contexts
        self.domain = domain
        self.bases = bases
        self.areGuessed = areGuessed
    }
}

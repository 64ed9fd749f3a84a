/// What a server says of itself in its root entry (RFC 4512 §5.1), as far as it lets itself be seen.
package struct RootEntry: Sendable, Equatable {
    /// Lower-case name to values, as they came; names without values are missing.
    private let values: [String: [[UInt8]]]

    package init(_ values: [String: [[UInt8]]]) { self.values = values }

    /// Attributes that are asked for: those of the RFC, and those by which families of servers are told apart.
    package static let attributes = [
        "objectClass", "namingContexts", "supportedControl", "supportedExtension", "supportedFeatures",
        "supportedSASLMechanisms", "supportedLDAPVersion", "subschemaSubentry", "vendorName", "vendorVersion",
        "altServer", "configContext", "defaultNamingContext", "rootDomainNamingContext", "configurationNamingContext",
        "schemaNamingContext", "supportedCapabilities", "supportedLDAPPolicies", "dsServiceName", "dnsHostName",
        "serverName", "currentTime", "highestCommittedUSN", "isGlobalCatalogReady", "isSynchronized",
        "domainFunctionality", "forestFunctionality", "domainControllerFunctionality", "dataversion",
        "netscapemdsuffix",
        "changeLog", "firstChangeNumber", "lastChangeNumber", "lastusn", "nsBackendSuffix",
    ]

    /// The values of an attribute, byte for byte; none when the server does not show it.
    package func bytes(_ name: String) -> [[UInt8]] { values[name.lowercased()] ?? [] }

    /// The values of an attribute that are UTF-8.
    package func texts(_ name: String) -> [String] {
        bytes(name).compactMap { String(validating: $0, as: UTF8.self) }
    }

    package func text(_ name: String) -> String? { texts(name).first }

    package var namingContexts: [String] { texts("namingContexts") }

    package func supports(control oid: String) -> Bool { texts("supportedControl").contains(oid) }
    package func supports(extension oid: String) -> Bool { texts("supportedExtension").contains(oid) }
    package func supports(capability oid: String) -> Bool { texts("supportedCapabilities").contains(oid) }
}

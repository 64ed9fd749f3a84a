package import DirectoryModel
package import LDAPClient

/// What a server says of itself: of which family it is, what it holds and how far its data have come.
package struct DetectedServer: Sendable, Equatable {
    /// nil when nothing tells.
    package var kind: DirectoryKind?
    /// Maker and version as the server writes them, for people.
    package var vendor: String
    package var namingContexts: [String]
    /// Object identifiers of controls that may be sent, sorted.
    package var controls: [String]
    /// What `active-directory` needs to know besides; nil elsewhere.
    package var domain: Domain?
    /// 389 Directory Server: the last number given in each backend; empty without its USN plug-in.
    package var entrySequences: [String: Int64] = [:]

    /// A domain controller of Active Directory, and the domain it serves.
    package struct Domain: Sendable, Equatable {
        /// The domain's own naming context, the one of the forest's first domain, and the configuration's.
        package var context: String
        package var root: String
        package var configuration: String
        /// Nil when the bind account may not see it.
        package var securityID: SecurityID?
        /// Name of the domain controller.
        package var host: String
        /// The database that the sequence counts on; another after the controller was restored or replaced.
        package var database: ImmutableID?
        /// The last number that this database gave.
        package var sequence: Int64?
        /// How far it has come with what other controllers wrote, by their databases.
        package var replicated: [ImmutableID: Int64] = [:]
    }

    package init(
        kind: DirectoryKind?, vendor: String, namingContexts: [String], controls: [String] = [], domain: Domain? = nil
    ) {
        self.kind = kind
        self.vendor = vendor
        self.namingContexts = namingContexts
        self.controls = controls
        self.domain = domain
    }

    /// Asks a server, after the bind: what it shows before is not always all.
    package static func ask(_ connection: LDAPConnection) throws(LDAPError) -> DetectedServer {
        let root = try EntryCopy.read(connection, "", RootEntry.attributes) ?? EntryCopy()
        var server = RootDescription(root).server
        if server.kind == .ds389, try holdsFreeIPA(connection, server.namingContexts) { server.kind = .freeipa }
        if server.domain != nil { try complete(&server, RootDescription(root).serviceName, connection) }
        return server
    }

    /// FreeIPA keeps its own settings in every domain's suffix.
    private static func holdsFreeIPA(
        _ connection: LDAPConnection, _ contexts: [String]
    ) throws(LDAPError) -> Bool {
        for context in contexts {
            for name in ["cn=ipaConfig", "cn=ipa"] {
                if try connection.readVisible("\(name),cn=etc,\(context)", ["cn"]) != nil { return true }
            }
        }
        return false
    }

    /// Reads what stands not in the root entry but in the domain's and the controller's own.
    private static func complete(
        _ server: inout DetectedServer, _ service: String?, _ connection: LDAPConnection
    ) throws(LDAPError) {
        guard var domain = server.domain else { return }
        if let values = try connection.readVisible(domain.context, ["objectSid", "replUpToDateVector"]) {
            domain.securityID = values[0].first.flatMap { SecurityID(bytes: $0) }
            domain.replicated = values[1].first.map { ReplicationCursors.read($0) } ?? [:]
        }
        if let service, let values = try connection.readVisible(service, ["invocationId"]), let id = values[0].first {
            domain.database = id.withUnsafeBytes { ImmutableID(objectGUID: $0) }
        }
        server.domain = domain
    }
}

/// What the root entry of a server (RFC 4512 §5.1) tells of its family.
struct RootDescription {
    /// What only domain controllers say (MS-ADTS §3.1.1.3.4.3.1).
    private static let domainController = "1.2.840.113556.1.4.800"

    private let entry: EntryCopy

    init(_ entry: EntryCopy) { self.entry = entry }

    var serviceName: String? { entry.texts("dsServiceName").first }

    var server: DetectedServer {
        let vendor = entry.texts("vendorName") + entry.texts("vendorVersion")
        var server = DetectedServer(
            kind: kind, vendor: ServerText.escaped(vendor.joined(separator: " ").utf8),
            namingContexts: entry.texts("namingContexts"), controls: entry.texts("supportedControl").sorted())
        if server.vendor.isEmpty, server.kind == .openldap { server.vendor = "OpenLDAP" }
        if server.kind == .activeDirectory {
            if server.vendor.isEmpty { server.vendor = "Active Directory" }
            server.domain = domain
        }
        entry.forEachAttribute { description, values in
            let parts = description.lowercased().split(separator: ";")
            guard parts.count == 2, parts[0] == "lastusn", let value = values.first,
                let number = WireNumber.signed(value)
            else { return }
            server.entrySequences[String(parts[1])] = number
        }
        return server
    }

    private var kind: DirectoryKind? {
        if entry.texts("supportedCapabilities").contains(RootDescription.domainController) { return .activeDirectory }
        if entry.texts("vendorName").contains(where: { $0.lowercased().contains("389") }) { return .ds389 }
        let classes = entry.texts("objectClass").map { $0.lowercased() }
        return classes.contains("openldaprootdse") ? .openldap : nil
    }

    private var domain: DetectedServer.Domain? {
        guard let context = entry.texts("defaultNamingContext").first else { return nil }
        let root = entry.texts("rootDomainNamingContext").first ?? context
        return DetectedServer.Domain(
            context: context, root: root,
            configuration: entry.texts("configurationNamingContext").first ?? "CN=Configuration,\(root)",
            host: entry.texts("dnsHostName").first ?? "",
            sequence: entry.values("highestCommittedUSN").first.flatMap { WireNumber.signed($0) })
    }
}

/// How far a domain controller has come with the changes of others (`replUpToDateVector`, MS-DRSR §5.210).
enum ReplicationCursors {
    /// Empty for bytes that are not such a vector.
    static func read(_ bytes: [UInt8]) -> [ImmutableID: Int64] {
        func number(_ place: Int, _ count: Int) -> UInt64 {
            (0..<count).reduce(0) { $0 | UInt64(bytes[place + $1]) << UInt64(8 * $1) }
        }
        guard bytes.count >= 16 else { return [:] }
        let version = number(0, 4)
        let size = version == 2 ? 32 : 24
        guard version == 1 || version == 2, number(8, 4) <= UInt64((bytes.count - 16) / size) else { return [:] }
        var cursors: [ImmutableID: Int64] = [:]
        for cursor in 0..<Int(number(8, 4)) {
            let place = 16 + cursor * size
            let id = bytes[place..<(place + 16)].withUnsafeBytes { ImmutableID(objectGUID: $0) }
            guard let id, let sequence = Int64(exactly: number(place + 16, 8)) else { continue }
            cursors[id] = sequence
        }
        return cursors
    }
}

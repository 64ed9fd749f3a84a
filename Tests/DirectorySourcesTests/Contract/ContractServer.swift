import DirectoryModel
import DirectorySources
import Foundation
import LDAPClient
import TestSupport
import Testing

/// The kinds of servers that the contract holds for.
enum ServerKind: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case slapd, ds389, samba, stub

    var testDescription: String { rawValue }

    /// Whether it is, or plays, Active Directory.
    var isActiveDirectory: Bool { self == .samba || self == .stub }

    var dialect: Dialect {
        switch self {
        case .slapd: .openLDAP
        case .ds389: .ds389
        case .samba, .stub: .activeDirectory
        }
    }
}

/// One server with the company on it, and how things are done there.
struct ContractServer: Sendable {
    let kind: ServerKind
    private let real: (any DirectoryServer)?
    private let stub: ADStub?

    /// Started once for all tests that change nothing.
    static func shared(_ kind: ServerKind) throws -> ContractServer {
        switch kind {
        case .slapd: try sharedSlapd.get()
        case .ds389: try shared389.get()
        case .samba: try sharedSamba.get()
        case .stub: try sharedStub.get()
        }
    }

    private static let sharedSlapd = Result { try ContractServer(.slapd) }
    private static let shared389 = Result { try ContractServer(.ds389) }
    private static let sharedSamba = Result { try ContractServer(.samba) }
    private static let sharedStub = Result { try ContractServer(.stub) }

    init(_ kind: ServerKind) throws {
        self.kind = kind
        let text = ContractText(kind)
        switch kind {
        case .slapd:
            real = try SlapdFixture(ldif: text.ldif, options: SlapdFixture.Options(overlays: [.syncprov]))
            stub = nil
        case .ds389:
            real = try DS389Fixture(ldif: text.ldif)
            stub = nil
        case .samba:
            let samba = try SambaFixture(ldif: text.ldif)
            try samba.modify(ldif: text.nesting)
            real = samba
            stub = nil
        case .stub:
            real = nil
            stub = try ADStub(text.domain)
        }
    }

    // MARK: Names

    var suffix: String { ContractText(kind).suffix }
    var url: String { real?.url ?? stub?.url ?? "" }
    var reader: Account { real?.reader ?? ADStub.reader }
    /// Where the server listens, for a proxy; Samba has an address of its own.
    var endpoint: (address: String, port: UInt16) {
        guard let url = LDAPURL(url) else { return ("127.0.0.1", 0) }
        return (url.host, url.port)
    }

    func dn(_ login: String, below branch: String = "people") -> String {
        ContractText(kind).dn(login, below: branch)
    }

    /// The id that the company gave to the number.
    func id(_ number: Int) throws -> ImmutableID {
        let text = SampleCompany.id(number)
        guard kind.isActiveDirectory else { return try #require(ImmutableID(text: text)) }
        return try #require(ADDomain.guid(number).withUnsafeBytes { ImmutableID(objectGUID: $0) })
    }

    // MARK: Reading

    func settings(
        people: [String]? = nil, groups: [String]? = nil, sentinels: [Int] = [], pageSize: Int32?? = nil
    ) throws -> SourceSettings {
        var dialect = kind.dialect
        if let pageSize { dialect.pageSize = pageSize }
        var attributes = dialect.attributes
        if kind == .slapd {
            attributes.disabled = DisabledWhen(attribute: "employeeType", equals: "disabled")
            attributes.lastSignIn = nil
        }
        if kind == .ds389 { attributes.lastSignIn = nil }
        return SourceSettings(
            name: "corp", dialect: dialect,
            people: BranchSettings(bases: people ?? ["ou=people,\(suffix)"]),
            groups: BranchSettings(bases: groups ?? ["ou=groups,\(suffix)"]), attributes: attributes,
            sentinels: try sentinels.map { try id($0) })
    }

    func source(
        _ settings: SourceSettings? = nil, url: String? = nil, account: Account? = nil,
        timeouts: Timeouts = Timeouts(connect: .seconds(5), idle: .seconds(5), pull: .seconds(60))
    ) throws -> LDAPSource {
        var all = LDAPSourceSettings(
            source: try settings ?? self.settings(), urls: [url ?? self.url].compactMap { LDAPURL($0) },
            connection: ConnectionSettings(timeouts: timeouts), bind: (account ?? reader).bind)
        // A second attempt would not meet the faults of a proxy again.
        all.retry = RetrySettings(attempts: 1)
        return LDAPSource(all)
    }

    func proxy(_ faults: LDAPFault...) throws -> LDAPProxy {
        try LDAPProxy(to: endpoint.port, at: endpoint.address, faults)
    }

    // MARK: Changing

    func rename(_ dn: String, to name: String, below parent: String? = nil) throws {
        if let stub {
            stub.change { $0.rename(dn, to: "\(name),\(parent ?? Self.parent(dn))") }
        } else {
            try real?.rename(dn, to: name, below: parent)
        }
    }

    func delete(_ dn: String) throws {
        if let stub { stub.change { $0.delete(dn) } } else { try real?.delete(dn) }
    }

    func set(_ attribute: String, of dn: String, to values: [String]) throws {
        if let stub {
            stub.change { $0.set(dn, attribute, values) }
        } else {
            try real?.replace(attribute, of: dn, with: values)
        }
    }

    /// Marks an account as the kind of server does.
    func disable(_ dn: String) throws {
        switch kind {
        case .slapd: try set("employeeType", of: dn, to: ["disabled"])
        case .ds389: try set("nsAccountLock", of: dn, to: ["true"])
        case .samba, .stub: try set("userAccountControl", of: dn, to: ["514"])
        }
    }

    func stop() {
        real?.stop()
        stub?.close()
    }

    private static func parent(_ dn: String) -> String { String(dn.drop { $0 != "," }.dropFirst()) }
}

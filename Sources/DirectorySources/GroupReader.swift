internal import DirectoryModel
internal import LDAPClient

/// Reads groups out of entries, value by value, for either kind of source.
struct GroupReader {
    private enum Kind { case id, name, member, memberWithUID, memberLogin, securityID }

    /// The attributes to ask for and to recognize.
    var names: AttributeNames
    /// Identifiers of the groups read so far, where the dialect has them.
    private(set) var securityIDs: [SecurityID: ImmutableID] = [:]
    private let kinds: [Kind]
    private let idSyntax: IDSyntax
    private var dn = UnsafeRawBufferPointer(start: nil, count: 0)
    /// Of the entry at hand, so far.
    private(set) var id: ImmutableID?
    private var hasID = false
    private var name: UnsafeRawBufferPointer?
    private var securityID: SecurityID?
    private var members: [(kind: Kind, value: UnsafeRawBufferPointer)] = []

    init(_ settings: SourceSettings) {
        let dialect = settings.dialect
        var wanted: [(String, Kind)] =
            [("cn", .name), (settings.attributes.id, .id)]
            + dialect.memberAttributes.map { ($0, .member) }
            + dialect.memberWithUIDAttributes.map { ($0, .memberWithUID) }
            + dialect.memberLoginAttributes.map { ($0, .memberLogin) }
        if let primary = dialect.primaryGroup { wanted.append((primary.ofGroup, .securityID)) }
        names = AttributeNames(wanted.map(\.0))
        kinds = wanted.map(\.1)
        idSyntax = IDSyntax(attribute: settings.attributes.id)
    }

    mutating func start(dn: UnsafeRawBufferPointer) {
        names.startEntry()
        self.dn = dn
        id = nil
        hasID = false
        name = nil
        securityID = nil
        members.removeAll(keepingCapacity: true)
    }

    mutating func take(_ place: Int, _ value: UnsafeRawBufferPointer) {
        switch kinds[place] {
        case .id:
            id = hasID ? nil : idSyntax.id(value)
            hasID = true
        case .name: if name.map({ value.lexicographicallyPrecedes($0) }) ?? true { name = value }
        case .securityID: securityID = SecurityID(bytes: value)
        case let kind: members.append((kind, value))
        }
    }

    /// Ends the entry and hands it to the builder.
    mutating func finish(_ builder: inout MirrorBuilder) {
        guard builder.startGroup(dn: dn, id: id, name: name) else { return }
        if let securityID, let id {
            builder.setSecurityID(securityID)
            securityIDs[securityID] = id
        }
        for member in members {
            switch member.kind {
            case .memberLogin: builder.addMember(login: member.value)
            case .memberWithUID: builder.addMember(dn: member.value, hasUID: true)
            default: builder.addMember(dn: member.value)
            }
        }
    }
}

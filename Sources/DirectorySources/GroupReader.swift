internal import DirectoryModel
internal import LDAPClient

/// Reads groups out of entries, value by value, for either kind of source.
struct GroupReader {
    private enum Kind { case id, name, member, memberWithUID, memberLogin }

    /// The attributes to ask for and to recognize.
    var names: AttributeNames
    private let kinds: [Kind]
    private var dn = UnsafeRawBufferPointer(start: nil, count: 0)
    private var id: UnsafeRawBufferPointer?
    private var name: UnsafeRawBufferPointer?
    private var members: [(kind: Kind, value: UnsafeRawBufferPointer)] = []

    init(_ settings: SourceSettings) {
        let dialect = settings.dialect
        let wanted: [(String, Kind)] =
            [("cn", .name), (settings.attributes.id, .id)]
            + dialect.memberAttributes.map { ($0, .member) }
            + dialect.memberWithUIDAttributes.map { ($0, .memberWithUID) }
            + dialect.memberLoginAttributes.map { ($0, .memberLogin) }
        names = AttributeNames(wanted.map(\.0))
        kinds = wanted.map(\.1)
    }

    mutating func start(dn: UnsafeRawBufferPointer) {
        names.startEntry()
        self.dn = dn
        id = nil
        name = nil
        members.removeAll(keepingCapacity: true)
    }

    mutating func take(_ place: Int, _ value: UnsafeRawBufferPointer) {
        switch kinds[place] {
        case .id: id = id == nil ? value : UnsafeRawBufferPointer(start: nil, count: 0)
        case .name: if name.map({ value.lexicographicallyPrecedes($0) }) ?? true { name = value }
        case let kind: members.append((kind, value))
        }
    }

    /// Ends the entry and hands it to the builder.
    mutating func finish(_ builder: inout MirrorBuilder) {
        guard builder.startGroup(dn: dn, id: id, name: name) else { return }
        for member in members {
            switch member.kind {
            case .memberLogin: builder.addMember(login: member.value)
            case .memberWithUID: builder.addMember(dn: member.value, hasUID: true)
            default: builder.addMember(dn: member.value)
            }
        }
    }
}

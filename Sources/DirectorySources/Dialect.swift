package import DirectoryModel
package import LDAPClient

/// What differs between families of directory servers, as values: another family is another value, not another source.
package struct Dialect: Sendable {
    package var kind: DirectoryKind
    package var attributes: AttributeSettings
    package var peopleFilter: LDAPFilter
    package var groupFilter: LDAPFilter
    /// Attributes of groups that name members by DN.
    package var memberAttributes: [String]
    /// Those whose values may carry a bit string after the DN (RFC 4517 §3.3.21).
    package var memberWithUIDAttributes: [String] = []
    /// Those that name members by login.
    package var memberLoginAttributes: [String] = []
    /// What says of itself that an account is disabled, whatever the configuration names beside it.
    package var flags: [AccountFlag]
    /// Where a membership stands on the person and not on the group; nil for nowhere.
    package var primaryGroup: PrimaryGroupAttributes?
    /// The attribute of people that names roles they are in, by DN.
    package var roleAttribute: String?
    /// The operational attribute that moves with every change of an entry.
    package var changeAttribute: String
    /// Where the server tells the state of its data.
    package var changeStamps: ChangeStampPlace
    /// Entries in a page where the server limits answers; nil asks for everything at once.
    package var pageSize: Int32?
    /// Branches right under a suffix that hold the same people again, or people who are not: never read.
    package var closedBranches: [String] = []

    /// Takes other attributes for those that hold members; what is known of any of them stays so, others hold DNs.
    package mutating func readMembers(_ names: [String]) {
        func known(_ attributes: [String]) -> [String] {
            let keys = Set(attributes.map { AttributeTypeName.canonical($0.utf8) })
            return names.filter { keys.contains(AttributeTypeName.canonical($0.utf8)) }
        }
        memberWithUIDAttributes = known(["uniqueMember"])
        memberLoginAttributes = known(["memberUid"])
        let others = memberWithUIDAttributes + memberLoginAttributes
        memberAttributes = names.filter { !others.contains($0) }
    }

    /// The dialect of a kind; a file is read as OpenLDAP writes it.
    package static func of(_ kind: DirectoryKind) -> Dialect {
        switch kind {
        case .openldap, .ldif: .openLDAP
        case .activeDirectory: .activeDirectory
        case .ds389: .ds389
        case .freeipa: .freeIPA
        }
    }
}

/// The attributes by which Active Directory keeps one membership on the person.
package struct PrimaryGroupAttributes: Sendable, Equatable {
    /// Of people: the last number of the group's identifier.
    package var ofPerson: String
    /// Of groups: the whole identifier.
    package var ofGroup: String
}

/// Where a server tells the state of its data.
package enum ChangeStampPlace: Sendable, Equatable {
    /// An attribute of each suffix (`contextCSN`): the newest change of each server that writes.
    case suffix(attribute: String)
    /// Active Directory: `highestCommittedUSN` of the root entry, which counts on one database (`invocationId`).
    case updateSequence
    /// 389 Directory Server: `lastusn` of each backend in the root entry, which counts on one server.
    case entrySequence
}

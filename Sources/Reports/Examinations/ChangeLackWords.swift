import DirectoryModel

extension ChangeFacts.Lack {
    /// After a colon.
    var sentence: String {
        switch self {
        case .noContentSync: "the server does not offer content synchronization (RFC 4533)"
        case .noStamps: "`contextCSN` of the suffix cannot be read"
        case .noChangeLog: "the server keeps no change log"
        case .changeLogHidden: "the bind account may not read the change log"
        case .noReplicationRight: "the bind account has no right to replicate changes"
        case .otherID(let wanted): "the server tells changes by `\(wanted)`, and `attributes.id` is another attribute"
        case .membershipsOnPeople:
            "groups that are read have people by their primary group, and `objectSid` of the domain cannot be read"
        case .notThisKind: "changes of this kind of directory are not read yet"
        case .unknown: "the server does not tell what changed"
        }
    }

    var remedy: String {
        switch self {
        case .noContentSync: "load the overlay `syncprov` for the database, if full reads take too long"
        case .noStamps: "let the bind account read `contextCSN` of the suffix"
        case .noChangeLog:
            "switch it on if full reads take too long: `dsconf INSTANCE plugin retro-changelog enable`, with `nsuniqueid:targetUniqueId`"
        case .changeLogHidden: "let the bind account read `cn=changelog`"
        case .noReplicationRight:
            "grant the account `Replicating Directory Changes` on the domain; without it removals are found by the next full read"
        case .otherID(let wanted):
            "use `attributes: {id: \(wanted)}`; to change the id of a directory in use see `rollcall rekey`"
        case .membershipsOnPeople: "let the bind account read `objectSid` of the domain"
        case .notThisKind, .unknown: ""
        }
    }
}

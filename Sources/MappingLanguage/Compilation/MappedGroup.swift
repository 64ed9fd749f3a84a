package import DirectoryModel

/// A group that a rule names, once found in the mirror, the lock file or the pins of the roster.
package struct MappedGroup: Sendable, Equatable {
    /// What stands between a mapped group and its members counting.
    package enum Standing: Sendable, Equatable {
        /// Found, and the one that is locked or pinned.
        case found
        /// Found by id under another name than the lock file's.
        case renamed(from: String)
        /// Locked or pinned, and no longer in the directory.
        case vanished
        /// A group of this name is there, but with another id than the locked one: it gives nothing until locked anew.
        case recreated
        /// There is a lock file, and this group does not stand in it: it gives nothing until locked.
        case notLocked
    }
    package var key: GroupKey
    /// As found now, or as last known: `corp:support`, or `support` where there is one directory.
    package var name: String
    package var dn: String
    /// Place in the mirror; nil when vanished.
    package var index: GroupIndex?
    package var standing: Standing
    /// Whether some rule counts nested members, and whether some rule counts direct ones only.
    package var usedNested: Bool
    package var usedDirect: Bool

    package init(
        key: GroupKey, name: String, dn: String, index: GroupIndex?, standing: Standing, usedNested: Bool,
        usedDirect: Bool
    ) {
        self.key = key
        self.name = name
        self.dn = dn
        self.index = index
        self.standing = standing
        self.usedNested = usedNested
        self.usedDirect = usedDirect
    }

    /// What people may call it: with and without the directory in front, or by its id.
    package var allNames: [String] {
        let prefix = "\(key.directory):".utf8
        let bare =
            name.utf8.starts(with: prefix) ? String(decoding: name.utf8.dropFirst(prefix.count), as: UTF8.self) : name
        return [bare, "\(key.directory):\(bare)", key.id.description]
    }
}

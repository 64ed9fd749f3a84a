/// A group that is locked or pinned: which one is meant, whatever it is called today.
package struct KnownGroup: Sendable, Equatable {
    /// For a pin the reference as the mapping writes it, with a captured word filled in; empty for a locked group.
    package var reference: String
    package var key: GroupKey
    /// Its `cn` when it was locked or pinned.
    package var name: String
    package var dn: String

    package init(reference: String = "", key: GroupKey, name: String, dn: String) {
        self.reference = reference
        self.key = key
        self.name = name
        self.dn = dn
    }
}

/// What says which groups are meant.
package enum GroupTrust: Sendable, Equatable {
    /// The lock file: only what stands in it gives anything.
    case locked(GroupLock)
    /// No lock file: what the roster remembers of earlier runs; groups seen for the first time are pinned.
    case pinned([KnownGroup])
}

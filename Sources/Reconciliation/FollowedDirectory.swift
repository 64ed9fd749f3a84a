package import DirectoryModel

/// What is kept of a directory, beside its mirror, so that a run can read its changes instead of everything.
package struct FollowedDirectory: Sendable, Equatable {
    /// The key of the hashes of names; the same for as long as the directory is followed.
    package var key: DNHashKey
    /// Where the reading of changes goes on; nil where only a full pull can tell.
    package var position: SyncPosition?

    package init(key: DNHashKey, position: SyncPosition?) {
        self.key = key
        self.position = position
    }
}

/// The directories of a roster that are followed, and what is true of all of its mirror.
package struct FollowedMirror: Sendable, Equatable {
    /// Names of the attributes that records hold, as in `Mirror.attributes`.
    package var attributes: [String]
    /// Every directory that the mirror holds, in order.
    package var directories: [String]
    /// Those that are followed, by name.
    package var followed: [String: FollowedDirectory]

    package init(
        attributes: [String] = [], directories: [String] = [], followed: [String: FollowedDirectory] = [:]
    ) {
        self.attributes = attributes
        self.directories = directories
        self.followed = followed
    }
}

/// What a full pull gave so that the directory can be followed from there on.
package struct StartOfFollowing: Sendable {
    package var directory: FollowedDirectory
    /// The names of the pulled rows, in their order; nil where changes are told without names (a file).
    package var index: MirrorIndex?

    package init(directory: FollowedDirectory, index: MirrorIndex?) {
        self.directory = directory
        self.index = index
    }
}

/// What changed in a followed directory.
package struct DirectoryChanges: Sendable {
    /// Changes of the rows of the roster's mirror; records have the attributes of that mirror.
    package var rows: MirrorRowChanges
    /// Where the next reading goes on.
    package var position: SyncPosition

    package init(rows: MirrorRowChanges, position: SyncPosition) {
        self.rows = rows
        self.position = position
    }
}

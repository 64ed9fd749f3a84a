package import DirectoryModel

/// A group by identity: the name of its directory and its immutable id.
package struct GroupKey: Hashable, Sendable, Comparable {
    package var directory: String
    package var id: ImmutableID

    package init(directory: String, id: ImmutableID) {
        self.directory = directory
        self.id = id
    }

    package static func < (left: GroupKey, right: GroupKey) -> Bool {
        left.directory == right.directory
            ? left.id < right.id : left.directory.utf8.lexicographicallyPrecedes(right.directory.utf8)
    }
}

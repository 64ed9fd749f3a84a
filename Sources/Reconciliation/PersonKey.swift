package import DirectoryModel

/// A person by identity: the name of the directory and the immutable id.
package struct PersonKey: Hashable, Sendable, Comparable {
    package var directory: String
    package var id: ImmutableID

    package init(directory: String, id: ImmutableID) {
        self.directory = directory
        self.id = id
    }

    package static func < (left: PersonKey, right: PersonKey) -> Bool {
        left.directory == right.directory
            ? left.id < right.id : left.directory.utf8.lexicographicallyPrecedes(right.directory.utf8)
    }
}

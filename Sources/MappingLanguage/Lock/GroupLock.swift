import DirectoryModel

/// The groups that a reviewed lock file allows rules to use.
package struct GroupLock: Sendable, Equatable {
    /// As the person named the file.
    package var file: String
    /// Sorted by directory, name and id.
    package var groups: [KnownGroup]

    package init(file: String, groups: [KnownGroup]) {
        self.file = file
        self.groups = groups.sorted { left, right in
            let mine = [left.key.directory, left.name, left.key.id.description]
            let other = [right.key.directory, right.name, right.key.id.description]
            return mine.lexicographicallyPrecedes(other) { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        }
    }
}

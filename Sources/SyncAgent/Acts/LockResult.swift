/// What `lock` found in one lock file, and whether it was written.
package struct LockResult: Sendable, Equatable {
    package var path: String
    /// Targets whose mappings share the file.
    package var targets: [String]
    package var changes: [LockChange]
    /// How many groups the new file names.
    package var groups: Int
    package var written: Bool

    package init(path: String, targets: [String], changes: [LockChange], groups: Int, written: Bool) {
        self.path = path
        self.targets = targets
        self.changes = changes
        self.groups = groups
        self.written = written
    }
}

/// One difference between a lock file and what the directory holds.
package struct LockChange: Sendable, Equatable {
    package enum Kind: String, Sendable {
        case added, removed, renamed, moved
        /// Another group, by id, bears the name now.
        case recreated
    }
    package var kind: Kind
    package var directory: String
    package var name: String
    package var dn: String
    /// The name, DN or id before, where it changed.
    package var before: String?

    package init(kind: Kind, directory: String, name: String, dn: String, before: String? = nil) {
        self.kind = kind
        self.directory = directory
        self.name = name
        self.dn = dn
        self.before = before
    }
}

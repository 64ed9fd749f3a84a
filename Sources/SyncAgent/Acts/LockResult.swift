package import MappingLanguage

/// What `lock` found for one lock file, and whether it was written.
package struct LockResult: Sendable {
    package var path: String
    /// Targets whose mappings share the file.
    package var targets: [String]
    package var changes: [LockProposal.Change]
    /// How many groups the new file names.
    package var groups: Int
    package var written: Bool

    package init(path: String, targets: [String], changes: [LockProposal.Change], groups: Int, written: Bool) {
        self.path = path
        self.targets = targets
        self.changes = changes
        self.groups = groups
        self.written = written
    }
}

/// What `init` was told, and found.
package struct StarterAnswers: Sendable, Equatable {
    package var directory: StarterDirectory
    /// Name of a shipped platform: `vivi`.
    package var platform: String
    package var target: String
    /// Where the roster is kept; relative to the configuration.
    package var state: String
    /// Name of a group whose members get something.
    package var group: String

    package init(
        directory: StarterDirectory, platform: String, target: String, state: String, group: String = "staff"
    ) {
        self.directory = directory
        self.platform = platform
        self.target = target
        self.state = state
        self.group = group
    }
}

/// A file that `init` would write.
package struct StarterFile: Sendable, Equatable {
    /// Relative to the directory that `init` is given.
    package var path: String
    package var content: String

    package init(path: String, content: String) {
        self.path = path
        self.content = content
    }
}

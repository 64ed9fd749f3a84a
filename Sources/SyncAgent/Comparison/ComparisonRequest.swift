/// What is to be compared: files before and after an edit, or emails before and after a change of domain.
package struct ComparisonRequest: Sendable {
    /// Where people and groups come from.
    package enum Source: Sendable, Equatable {
        /// The mirror of the last applied run, in the roster of the configuration.
        case roster
        /// A file that `snapshot` wrote.
        case file(String)
    }

    /// One email domain that takes the place of another, both in lower case.
    package struct Domain: Sendable, Equatable {
        package var old: String
        package var new: String

        package init(old: String, new: String) {
            self.old = old
            self.new = new
        }
    }

    /// Paths of what is compared: mappings, platform files, configurations or their folders; nil where the configuration stays.
    package var files: (old: String, new: String)?
    package var domains: [Domain]
    package var source: Source
    /// Names of the only targets to look at; nil is all that are concerned.
    package var targets: [String]?

    package init(
        files: (old: String, new: String)?, domains: [Domain] = [], source: Source, targets: [String]? = nil
    ) {
        self.files = files
        self.domains = domains
        self.source = source
        self.targets = targets
    }
}

package import AccessModel

/// What a mapping is checked against.
package struct MappingContext: Sendable {
    package struct Directory: Sendable, Equatable {
        package var name: String
        /// Lower-case names of attributes that people cannot edit on themselves.
        package var trustedAttributes: [String]

        package init(name: String, trustedAttributes: [String]) {
            self.name = name
            self.trustedAttributes = trustedAttributes
        }
    }
    package var platform: Platform
    package var topology: Topology
    package var directories: [Directory]

    package init(platform: Platform, topology: Topology, directories: [Directory]) {
        self.platform = platform
        self.topology = topology
        self.directories = directories
    }

    /// Trusted somewhere: lower-case, sorted, distinct.
    var trustedAttributes: [String] {
        Set(directories.flatMap(\.trustedAttributes).map { $0.lowercased() }).sorted(by: precedes)
    }
}

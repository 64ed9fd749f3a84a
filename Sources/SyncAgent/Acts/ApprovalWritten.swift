/// An approval that was written from the last hold.
package struct ApprovalWritten: Sendable, Equatable {
    package var path: String
    /// Path of the list of people beside it; nil where the file names them itself.
    package var peoplePath: String?
    package var targets: [String]
    package var people: Int
    /// Kinds and their most, as written, sorted: `suspend_other: 188`.
    package var allow: [String]
    /// Seconds since 1970.
    package var validUntil: Int64
    /// Number of the run that was held.
    package var run: Int64

    package init(
        path: String, peoplePath: String?, targets: [String], people: Int, allow: [String], validUntil: Int64,
        run: Int64
    ) {
        self.path = path
        self.peoplePath = peoplePath
        self.targets = targets
        self.people = people
        self.allow = allow
        self.validUntil = validUntil
        self.run = run
    }
}

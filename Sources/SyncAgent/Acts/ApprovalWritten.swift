/// An approval that was written from the last hold: of one kind, on one target.
package struct ApprovalWritten: Sendable, Equatable {
    package var path: String
    /// Path of the list of people beside it; nil where the file names them itself.
    package var peoplePath: String?
    package var target: String
    package var people: Int
    /// The kind and its most, as written: `suspend_other: 188`.
    package var allow: String
    /// Seconds since 1970.
    package var validUntil: Int64
    /// Number of the run that was held.
    package var run: Int64

    package init(
        path: String, peoplePath: String?, target: String, people: Int, allow: String, validUntil: Int64,
        run: Int64
    ) {
        self.path = path
        self.peoplePath = peoplePath
        self.target = target
        self.people = people
        self.allow = allow
        self.validUntil = validUntil
        self.run = run
    }
}

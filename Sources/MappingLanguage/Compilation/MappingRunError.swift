/// Why a mapping cannot be used with what the directory holds: nothing may be decided by it.
///
/// Every reference that is absent or ambiguous, each with its place in the file.
package struct MappingRunError: Error, Sendable, Equatable {
    /// By place in the file; never empty.
    package var problems: [MappingFinding]

    package init(problems: [MappingFinding]) { self.problems = problems }
}

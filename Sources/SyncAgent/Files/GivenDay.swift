/// A day as people type it: `2026-12-01`.
package enum GivenDay {
    /// Its midnight in UTC, seconds since 1970; nil for what is no day.
    package static func midnight(_ text: String) -> Int64? { TimeText.parse("\(text)T00:00Z") }
}

import ArgumentParser
import Diagnostics
import SyncAgent

/// Values that stand in one form on the command line; whoever types another is told the form, with an example.
enum GivenValue {
    /// A whole number; `what` says which one, `like` is an example.
    static func number(_ what: String, like example: Int) -> @Sendable (String) throws -> Int {
        { text in
            guard let number = WholeNumber.parse(text) else {
                throw ValidationError("write \(what), like `\(example)`")
            }
            return number
        }
    }

    /// A run: by its number, or the last one.
    struct Run {
        /// Nil for the last one.
        var number: Int64?
    }

    /// A number of a run, or `last`.
    static func run(_ text: String) throws -> Run {
        if text == "last" { return Run(number: nil) }
        guard let number = WholeNumber.parse(text) else {
            throw ValidationError("write the number of a run, as `rollcall runs` lists it, like `812`, or `last`")
        }
        return Run(number: Int64(number))
    }

    /// A run, a day or a time.
    static func point(_ text: String) throws -> PointInTime {
        guard let point = PointInTime(text) else {
            throw ValidationError(
                "write a run like `812`, a day like `2026-11-21`, or a time with its zone like `2026-11-21T02:15Z`")
        }
        return point
    }

    /// A day or a time.
    static func time(_ text: String) throws -> Int64 {
        guard case .time(let time) = PointInTime(text) else {
            throw ValidationError("write a day like `2024-11-21`, or a time with its zone like `2024-11-21T02:15Z`")
        }
        return time
    }
}

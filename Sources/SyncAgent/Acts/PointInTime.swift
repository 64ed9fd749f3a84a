/// A point in the history of a roster, as people give it: a run, a day or a time.
package enum PointInTime: Sendable, Equatable {
    case run(Int64)
    /// Seconds since 1970.
    case time(Int64)

    /// `812`, `2026-11-21` (its first second in UTC) or a time with its zone; nil for anything else.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        if !bytes.isEmpty, bytes.count < 19, bytes.allSatisfy({ (0x30...0x39).contains($0) }), let run = Int64(text) {
            self = .run(run)
        } else if bytes.count == 10, let time = TimeText.parse(text + "T00:00Z") {
            self = .time(time)
        } else if let time = TimeText.parse(text) {
            self = .time(time)
        } else {
            return nil
        }
    }
}

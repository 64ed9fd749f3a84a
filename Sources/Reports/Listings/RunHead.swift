package import Reconciliation

/// What stands above the changes of a run: when, by whom, how it ended, and per target what was counted and held.
package struct RunHead: Sendable {
    private let record: RunRecord

    package init(_ record: RunRecord) { self.record = record }

    package func bytes(style: TextStyle) -> [UInt8] {
        var page = TextPage(style: style)
        page.line(
            Span("Run \(record.number)", .strong),
            ": \(record.command) by \(record.actor), \(Timestamp.text(record.started)), ",
            Span(
                "\(record.outcome.words) (exit code \(record.exitStatus))",
                record.outcome == .applied ? .plain : .alarm))
        page.line("\(record.summary)", indent: 2)
        for target in record.targets {
            let counts = target.counts.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
            let words = counts.filter { $0.value > 0 && !TargetRunRecord.figures.contains($0.key) }.map {
                "\($0.key) \(Counted.number($0.value))"
            }
            page.line(
                "\(target.target) (\(target.mode.rawValue)): \(words.isEmpty ? "nothing" : words.joined(separator: ", "))",
                indent: 2)
            let marks: (HoldNotice.Mark, HoldNotice.Mark) =
                target.mode == .observe ? (.wouldHold, .wouldWithhold) : (.held, .withheld)
            let (holds, withheld) = target.holdsApart
            for (mark, sentences) in [(marks.0, holds), (marks.1, withheld)] {
                for hold in sentences { page.line(Span("\(mark.rawValue)  ", .alarm), Span(hold), indent: 4) }
            }
        }
        page.blank()
        return page.bytes
    }
}

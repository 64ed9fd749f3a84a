/// What one guard did not let through, in words: what all renderings of a hold are made from.
struct HoldNotice: Equatable {
    /// What stands before it, and behind a target with holds.
    enum Mark: String {
        case held = "HELD"
        case partlyHeld = "PARTLY HELD"
        case withheld = "WITHHELD"
        /// On a target that is only observed, where nothing is written anyway.
        case wouldHold = "WOULD HOLD"
        case wouldWithhold = "WOULD WITHHOLD"
    }

    /// One thing that is to say about it.
    struct Line: Equatable {
        /// `frozen:`, `intended?`; empty where the line goes on with what the one before it says.
        let lead: String
        let text: String
        /// The text with the command that approves, continues or acknowledges between backticks, as values are.
        let quoted: String

        init(_ lead: String, _ text: String) {
            self.lead = lead
            self.text = text
            quoted = text
        }

        init(_ lead: String, _ before: String = "", command: String, _ after: String = "") {
            self.lead = lead
            text = before + command + after
            quoted = "\(before)`\(command)`\(after)"
        }
    }

    /// What a hold of a run is approved with.
    static let approve = "rollcall approve --last-hold --reason \"…\""

    /// The way on where it is intended: a plan is no run, and holds nothing that could be approved; nor does a run that only observes, or one on
    /// a target that pauses.
    static func intended(
        on target: String, isObserved: Bool, isPaused: Bool, isHeld: Bool, _ effect: String = ""
    ) -> Line {
        if isPaused {
            let then = "; what the next run then holds can be approved"
            return Line("intended?", command: "rollcall continue \(target)", then)
        }
        let when = isObserved ? "once the target is managed and a run has held it: " : "once a run has held it: "
        return Line("intended?", isHeld && !isObserved ? "" : when, command: approve, effect)
    }

    let mark: Mark
    let target: String
    let sentence: String
    /// Withheld grants, one sentence each.
    let items: [String]
    var lines: [Line]

    /// Lines about one hold begin here, under `HELD  `.
    private static let indent = 6

    func write(to page: inout TextPage) {
        page.line(Span(mark.rawValue, .alarm), "  \(target): \(sentence)")
        let shown = page.style.shown(of: items.count)
        for item in items.prefix(shown) { page.line("\(item)", indent: HoldNotice.indent) }
        page.rest(items.count - shown, "grant", indent: HoldNotice.indent)
        HoldNotice.write(lines, to: &page)
    }

    static func write(_ lines: [Line], to page: inout TextPage) {
        for line in lines { page.line("\(lead(line))\(line.text)", indent: indent) }
    }

    /// Questions stand in a column of their own, and what goes on stands under what it belongs to.
    private static func lead(_ line: Line) -> String {
        let width = line.lead.isEmpty ? 8 : line.lead.utf8.last == UInt8(ascii: "?") ? 9 : 0
        return line.lead + String(repeating: " ", count: max(0, width - line.lead.utf8.count) + 1)
    }
}

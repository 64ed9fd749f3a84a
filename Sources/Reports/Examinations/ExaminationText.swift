import Diagnostics
import DirectoryModel

/// An examination for people: each step on a line, what is wrong under it with its likely causes and the remedy, and at the end what
/// there is to do.
package struct ExaminationText {
    /// What is shown besides the steps.
    package enum Detail: Sendable { case steps, commands }

    private let report: ExaminationReport
    private let detail: Detail
    private var page: TextPage

    package init(_ report: ExaminationReport, style: TextStyle, detail: Detail = .commands) {
        self.report = report
        self.detail = detail
        page = TextPage(style: style)
    }

    package static func bytes(
        _ report: ExaminationReport, style: TextStyle = .plain, detail: Detail = .commands
    ) -> [UInt8] {
        var text = ExaminationText(report, style: style, detail: detail)
        text.write()
        return text.page.bytes
    }

    private mutating func write() {
        for (place, examination) in report.examinations.enumerated() {
            if place > 0 { page.blank() }
            write(examination)
            if report.starters.indices.contains(place), let starter = report.starters[place] { write(starter) }
        }
    }

    private mutating func write(_ examination: Examination) {
        let server = examination.server.isEmpty ? "" : "  \(examination.server)"
        page.line(Span(examination.directory, .strong), "\(server)  examined \(Timestamp.text(examination.time))")
        page.line("nothing was written, there or here", indent: 2)
        page.blank()
        for step in examination.steps where step.verdict != .skipped { write(step, examination) }
        writeSkipped(examination)
        if detail == .commands { writeCommands(examination) }
        conclude(examination)
    }

    // MARK: Steps

    private static let titleWidth = 12

    private mutating func write(_ step: ExaminedStep, _ examination: Examination) {
        let title = step.step.title
        let padding = String(repeating: " ", count: max(0, ExaminationText.titleWidth - title.utf8.count))
        let words = step.facts.map { StepWords($0, at: examination.time) }
        page.line(
            [step.verdict.mark, "  ", Span(title, .strong), Span(padding), Span(words?.headline ?? "")], indent: 2)
        if let words { write(words.details) }
        if case .server(let facts) = step.facts { write(facts.settings) }
        for ailment in step.ailments { write(ailment) }
    }

    /// What was not tried, by what it was that failed.
    private mutating func writeSkipped(_ examination: Examination) {
        for root in ExaminationStep.allCases {
            let steps = examination.steps.filter { $0.skippedBecause == root }
            guard !steps.isEmpty else { continue }
            let names = steps.map(\.step.title).joined(separator: ", ")
            page.line(
                [
                    ExaminedStep.Verdict.skipped.mark, "  ",
                    Span("not tried because of `\(root.title)`: \(names)", .faint),
                ],
                indent: 2)
        }
    }

    private mutating func write(_ details: [(label: String, text: String)]) {
        for (label, text) in details {
            let padding = String(repeating: " ", count: max(0, 11 - label.utf8.count))
            page.line(Span(label + padding, .faint), Span(text), indent: 12)
        }
    }

    private mutating func write(_ settings: [ServerFacts.Setting]) {
        for setting in settings {
            let padding = String(repeating: " ", count: max(1, 26 - setting.key.utf8.count))
            let origin =
                setting.value == setting.standard
                ? Span(setting.isSettable ? "" : "  (of the kind)", .faint)
                : Span("  (configured; the default is \(setting.standard))", .changed)
            page.line(Span(setting.key + padding, .faint), Span(setting.value), origin, indent: 12)
        }
    }

    private mutating func write(_ ailment: Ailment) {
        let isBad = ailment.weight == .bad
        let name = isBad ? "failed:" : "\(ailment.weight.name):"
        page.line(Span(name, ailment.weight == .note ? .plain : .alarm), Span(" \(ailment.message)"), indent: 12)
        let likely = ailment.likely
        if likely.count == 1 { page.line("likely: \(likely[0])", indent: 14) }
        if likely.count > 1 {
            page.line("likely, the most frequent first:", indent: 14)
            for (place, cause) in likely.enumerated() { page.line("\(place + 1). \(cause)", indent: 16) }
        }
        if !ailment.remedy.isEmpty { page.line("hint: \(ailment.remedy)", indent: 12) }
    }

    // MARK: The end

    private mutating func writeCommands(_ examination: Examination) {
        let command = SearchCommand(examination.access)
        let asked = examination.steps.filter { !$0.reads.isEmpty }
        guard !asked.isEmpty else { return }
        page.blank()
        page.line(Span("The same by hand", .strong))
        for step in asked {
            page.line(Span("# \(step.step.title)", .faint), indent: 2)
            for read in step.reads { page.copied(command.text(read), indent: 2) }
        }
    }

    private mutating func conclude(_ examination: Examination) {
        let counts: [(Ailment.Weight, String)] = [(.bad, "failure"), (.warning, "warning"), (.note, "note")]
        let all = examination.steps.flatMap(\.ailments)
        let told = counts.compactMap { weight, noun in
            let count = all.count { $0.weight == weight }
            return count == 0 ? nil : Counted.text(count, noun)
        }
        let skipped = examination.steps.count { $0.verdict == .skipped }
        page.blank()
        let verdict =
            examination.failure == nil ? "the directory can be read" : "a run would fail: the directory cannot be read"
        let rest = (told + (skipped == 0 ? [] : ["\(Counted.text(skipped, "step")) skipped"])).joined(separator: ", ")
        page.line(
            Span(examination.directory, .strong), ": ",
            Span(verdict, examination.failure == nil ? .added : .alarm), Span(rest.isEmpty ? "" : "; \(rest)"))
        let remedies = toDo(examination)
        guard !remedies.isEmpty else { return }
        page.line("To do, in this order:")
        for (place, ailment) in remedies.enumerated() {
            page.line("\(place + 1). \(ailment.message)", indent: 2)
            page.line("\(ailment.remedy)", indent: 5)
        }
    }

    /// What fails because of a limit is told of with the limit.
    private func toDo(_ examination: Examination) -> [Ailment] {
        let isLimited = examination[.limits]?.verdict == .bad
        return examination.steps.filter { !isLimited || $0.step != .reading }.flatMap(\.ailments)
            .filter { $0.weight != .note && !$0.remedy.isEmpty }
    }

    private mutating func write(_ starter: String) {
        page.blank()
        page.line(Span("A section to begin with", .strong), ": `rollcall init` writes the same")
        for line in starter.split(separator: "\n", omittingEmptySubsequences: false) where !line.isEmpty {
            page.copied(String(line), indent: 2)
        }
    }
}

extension ExaminedStep.Verdict {
    fileprivate var mark: Span {
        switch self {
        case .good: Span("ok     ", .added)
        case .note: Span("ok     ", .added)
        case .warning: Span("warning", .changed)
        case .bad: Span("FAILED ", .alarm)
        case .skipped: Span("skipped", .faint)
        }
    }
}

extension Ailment.Weight {
    /// Stable name, the same for people and programs.
    var name: String {
        switch self {
        case .note: "note"
        case .warning: "warning"
        case .bad: "bad"
        }
    }
}

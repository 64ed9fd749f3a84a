import Diagnostics
import Reconciliation
import Reports
import SyncAgent

/// What an import took over, and the lines that name nobody.
struct ImportOutput {
    /// Unknown lines shown to people.
    private static let shownAtMost = 20

    private let result: ImportResult
    private let target: String

    init(_ result: ImportResult, target: String) {
        self.result = result
        self.target = target
    }

    func write(_ options: ReportOptions) throws {
        switch options.format {
        case .text: try Output.data(text(style: options.style))
        case .json: try Output.data(json())
        }
    }

    private func text(style: TextStyle) -> [UInt8] {
        var page = TextPage(style: style)
        page.line(
            Span("\(target): ", .strong),
            "\(Counted.text(result.matched, "user")) found, \(Counted.text(result.signInsChanged, "sign-in")) newer, \(Counted.text(result.accepted, "invitation")) accepted"
        )
        if !result.hasSignIns {
            let until = result.signInsUntil.map { "; sign-ins are known up to \(Timestamp.text($0))" } ?? ""
            page.line("no sign-in of a user was told, so inactivity is judged as before\(until)", indent: 2)
        }
        list(result.future, "with a sign-in that is still to come, which is not used:", &page)
        list(result.unknown, "without a user on \(target):", &page)
        return page.bytes
    }

    private func list(_ lines: [ImportLine], _ what: String, _ page: inout TextPage) {
        guard !lines.isEmpty else { return }
        page.line("\(Counted.text(lines.count, "line")) \(what)", indent: 2)
        for line in lines.prefix(ImportOutput.shownAtMost) {
            page.line("line \(line.line): \(line.who)", indent: 4)
        }
        let rest = lines.count - ImportOutput.shownAtMost
        if rest > 0 { page.line("… and \(Counted.text(rest, "more line")); --format json has them all", indent: 4) }
    }

    private func json() -> [UInt8] {
        var json = JSONWriter(layout: .pretty)
        json.beginObject()
        json.field("format", "rollcall.import/1")
        json.field("run", Int(result.record.number))
        json.field("target", target)
        json.field("matched", result.matched)
        json.field("sign_ins_changed", result.signInsChanged)
        json.field("accepted", result.accepted)
        json.field("sign_ins_until", result.signInsUntil.map(Timestamp.machine))
        list("unknown", result.unknown, &json)
        list("future", result.future, &json)
        json.endObject()
        json.newline()
        return json.bytes
    }

    private func list(_ name: String, _ lines: [ImportLine], _ json: inout JSONWriter) {
        json.key(name)
        json.beginArray()
        for line in lines {
            json.beginObject()
            json.field("line", line.line)
            json.field("who", line.who)
            json.endObject()
        }
        json.endArray()
    }
}

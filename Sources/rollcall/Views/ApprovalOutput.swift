import Diagnostics
import Reports
import SyncAgent

/// An approval that was written.
struct ApprovalOutput {
    private let written: ApprovalWritten

    init(_ written: ApprovalWritten) { self.written = written }

    func write(_ options: ReportOptions) throws {
        switch options.format {
        case .text: try Output.data(text(style: options.style))
        case .json: try Output.data(json())
        }
    }

    private func text(style: TextStyle) -> [UInt8] {
        var page = TextPage(style: style)
        page.line("Approval of what run \(written.run) held: ", Span(written.path, .strong))
        page.columns(
            [
                ["targets", Span(written.targets.joined(separator: ", "))],
                ["allows", Span(written.allow.joined(separator: ", "))],
                [
                    "people",
                    Span(
                        written.people == 0
                            ? "whoever it concerns: the hold names nobody"
                            : Counted.text(written.people, "person", plural: "people")
                                + (written.peoplePath.map { ", named in \($0)" } ?? "")),
                ],
                ["until", Span(Timestamp.text(written.validUntil))],
            ], indent: 4)
        page.line("Read it through; then `rollcall plan` shows what it lets pass, and `rollcall sync` uses it.")
        return page.bytes
    }

    private func json() -> [UInt8] {
        var json = JSONWriter(layout: .pretty)
        json.beginObject()
        json.field("format", "rollcall.approval/1")
        json.field("path", written.path)
        json.field("people_path", written.peoplePath)
        json.field("run", Int(written.run))
        json.field("targets", written.targets)
        json.field("allow", written.allow)
        json.field("people", written.people)
        json.field("valid_until", Timestamp.machine(written.validUntil))
        json.endObject()
        json.newline()
        return json.bytes
    }
}

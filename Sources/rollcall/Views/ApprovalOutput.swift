import Diagnostics
import Reports
import SyncAgent

/// The approvals that were written, one for each target and kind.
struct ApprovalOutput {
    private let written: [ApprovalWritten]

    init(_ written: [ApprovalWritten]) { self.written = written }

    func write(_ options: ReportOptions) throws {
        switch options.format {
        case .text: try Output.data(text(style: options.style))
        case .json: try Output.data(json())
        }
    }

    private func text(style: TextStyle) -> [UInt8] {
        var page = TextPage(style: style)
        for one in written { write(one, to: &page) }
        let (them, they) = written.count == 1 ? ("it", "it lets") : ("them", "they let")
        let uses = written.count == 1 ? "uses it" : "uses them"
        page.line("Read \(them) through; then `rollcall plan` shows what \(they) pass, and `rollcall sync` \(uses).")
        return page.bytes
    }

    private func write(_ one: ApprovalWritten, to page: inout TextPage) {
        page.line("Approval of what run \(one.run) held: ", Span(one.path, .strong))
        page.columns(
            [
                ["targets", Span(one.target)],
                ["allows", Span(one.allow)],
                [
                    "people",
                    Span(
                        one.people == 0
                            ? "whoever it concerns: the hold names nobody"
                            : Counted.text(one.people, "person", plural: "people")
                                + (one.peoplePath.map { ", named in \($0)" } ?? "")),
                ],
                ["until", Span(Timestamp.text(one.validUntil))],
            ], indent: 4)
    }

    private func json() -> [UInt8] {
        var json = JSONWriter(layout: .pretty)
        json.beginObject()
        json.field("format", "rollcall.approvals/1")
        json.key("approvals")
        json.beginArray()
        for one in written {
            json.beginObject()
            json.field("path", one.path)
            json.field("people_path", one.peoplePath)
            json.field("run", Int(one.run))
            json.field("target", one.target)
            json.field("allow", one.allow)
            json.field("people", one.people)
            json.field("valid_until", Timestamp.machine(one.validUntil))
            json.endObject()
        }
        json.endArray()
        json.endObject()
        json.newline()
        return json.bytes
    }
}

import Diagnostics
import Reports
import SyncAgent

/// What `snapshot` wrote.
struct SnapshotOutput {
    private let written: SnapshotWritten

    init(_ written: SnapshotWritten) { self.written = written }

    func write(_ options: ReportOptions) throws {
        switch options.format {
        case .text: try Output.data(text(style: options.style))
        case .json: try Output.data(json())
        }
    }

    private func text(style: TextStyle) -> [UInt8] {
        var page = TextPage(style: style)
        let people = Counted.text(written.people, "person", plural: "people")
        page.line(
            "wrote ", Span(written.path, .strong),
            ": \(people) and \(Counted.text(written.groups, "group")) as run \(written.run) read them, \(Timestamp.text(written.time))"
        )
        guard written.isPseudonymous else {
            page.line("it holds names and emails: keep it as you keep the roster, or write it with `--pseudonyms`")
            return page.bytes
        }
        let domains = written.domainsKept ?? []
        page.line("names, logins and emails are pseudonyms, which nobody can turn back")
        page.line(
            domains.isEmpty
                ? "no email domain stands in it"
                : "email domains that stand in it as they are: \(domains.joined(separator: ", "))")
        if written.groupsRenamed > 0 {
            page.line(
                "\(Counted.text(written.groupsRenamed, "group")) that no rule names had the name of a person, and a pseudonym now"
            )
        }
        return page.bytes
    }

    private func json() -> [UInt8] {
        var json = JSONWriter(layout: .pretty)
        json.beginObject()
        json.field("format", "rollcall.snapshot-written/1")
        json.field("path", written.path)
        json.field("people", written.people)
        json.field("groups", written.groups)
        json.field("run", Int(written.run))
        json.field("time", Timestamp.machine(written.time))
        json.field("pseudonyms", written.isPseudonymous)
        json.field("domains_kept", written.domainsKept ?? [])
        json.field("groups_renamed", written.groupsRenamed)
        json.endObject()
        json.newline()
        return json.bytes
    }
}

import AccessModel
import Diagnostics
import DirectoryModel
import Reconciliation
import Reports
import SyncAgent

/// What a change of ids came to, or would.
struct RekeyOutput {
    /// People shown to people.
    private static let shownAtMost = 20

    private let result: RekeyResult

    init(_ result: RekeyResult) { self.result = result }

    func write(_ options: ReportOptions) throws {
        switch options.format {
        case .text: try Output.data(text(style: options.style))
        case .json: try Output.data(json())
        }
    }

    private func text(style: TextStyle) -> [UInt8] {
        var page = TextPage(style: style)
        let rekeying = result.rekeying
        if rekeying.isEmpty {
            page.line("directory `\(result.directory)`: everybody has the id that the roster knows")
            return page.bytes
        }
        let word = result.record == nil ? "would have" : "have"
        let people = Counted.text(rekeying.people.count, "person", plural: "people")
        page.line(
            Span("directory `\(result.directory)`: ", .strong),
            "\(people) and \(Counted.text(rekeying.groups.count, "group")) \(word) new ids")
        let rest = rekeying.needed - rekeying.matched
        if rest > 0 {
            page.line("\(Counted.text(rest, "person", plural: "people")) of the roster not found again", indent: 2)
        }
        let emails = emails
        page.columns(
            rekeying.people.prefix(RekeyOutput.shownAtMost).map { change in
                [Span(emails[change.new] ?? "no user"), Span("\(change.old) → \(change.new)", .faint)]
            }, indent: 2)
        let more = rekeying.people.count - RekeyOutput.shownAtMost
        if more > 0 { page.line("… and \(Counted.number(more)) more; --format json has them all", indent: 2) }
        for lock in result.locks {
            page.line("`\(lock)` names groups by their old ids: run `rollcall lock`", indent: 2)
        }
        return page.bytes
    }

    /// Emails of users by their new ids.
    private var emails: [ImmutableID: String] {
        var emails: [ImmutableID: String] = [:]
        for plan in result.plans {
            for subject in plan.subjects { emails[subject.id] = plan.texts[subject.email] }
        }
        return emails
    }

    private func json() -> [UInt8] {
        var json = JSONWriter(layout: .pretty)
        json.beginObject()
        json.field("format", "rollcall.rekey/1")
        json.key("run")
        if let record = result.record { json.value(Int(record.number)) } else { json.null() }
        json.field("directory", result.directory)
        json.field("needed", result.rekeying.needed)
        json.field("matched", result.rekeying.matched)
        changes("people", result.rekeying.people, emails, &json)
        changes("groups", result.rekeying.groups, nil, &json)
        json.field("locks", result.locks)
        json.endObject()
        json.newline()
        return json.bytes
    }

    /// `emails` where the ids are those of people.
    private func changes(
        _ name: String, _ changes: [IDChange], _ emails: [ImmutableID: String]?, _ json: inout JSONWriter
    ) {
        json.key(name)
        json.beginArray()
        for change in changes {
            json.beginObject()
            json.field("old", "\(change.old)")
            json.field("new", "\(change.new)")
            if let emails { json.field("email", emails[change.new]) }
            json.endObject()
        }
        json.endArray()
    }
}

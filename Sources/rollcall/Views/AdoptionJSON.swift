import AccessModel
import Diagnostics
import Reconciliation
import Reports
import SyncAgent

/// What taking over a platform's users did, for programs.
struct AdoptionJSON {
    private let result: AdoptionResult

    init(_ result: AdoptionResult) { self.result = result }

    var bytes: [UInt8] {
        var json = JSONWriter(layout: .pretty)
        json.beginObject()
        json.field("format", "rollcall.adoption/1")
        json.key("run")
        if result.ending == .applied { json.value(Int(result.record.number)) } else { json.null() }
        json.field("stage", result.ending.rawValue)
        json.field("target", result.plan.target)
        json.field("extras", result.extras.rawValue)
        json.field("pulled", result.hasPulled)
        json.key("counts")
        json.beginObject()
        for standing in AccountOutcome.Standing.allCases { json.field(standing.rawValue, result.count(standing)) }
        json.field("removed_lines", result.removed)
        json.endObject()
        json.field("unmatched_file", result.unmatchedPath)
        json.field("ignored_columns", result.ignoredColumns)
        accounts(&json)
        future(&json)
        seats(&json)
        json.endObject()
        json.newline()
        return json.bytes
    }

    private func future(_ json: inout JSONWriter) {
        json.key("future")
        json.beginArray()
        for account in result.future {
            json.beginObject()
            json.field("line", account.line)
            json.field("who", account.email)
            json.endObject()
        }
        json.endArray()
    }

    private func accounts(_ json: inout JSONWriter) {
        json.key("accounts")
        json.beginArray()
        for (account, outcome) in zip(result.accounts, result.outcomes) {
            json.beginObject()
            json.field("line", account.line)
            json.field("account", account.account)
            json.field("email", account.email)
            json.field("status", account.status.rawValue)
            json.field("access", account.access.sentence)
            json.field("standing", outcome.standing.rawValue)
            json.field("found_by", outcome.match?.rawValue)
            json.key("person")
            if let person = outcome.person {
                json.beginObject()
                json.field("directory", person.directory)
                json.field("id", "\(person.id)")
                json.endObject()
            } else {
                json.null()
            }
            json.field("why", outcome.why.isEmpty ? nil : outcome.why)
            json.field("unexplained", outcome.extras.map(\.access.sentence))
            json.endObject()
        }
        json.endArray()
    }

    private func seats(_ json: inout JSONWriter) {
        json.key("seats")
        json.beginArray()
        for row in result.plan.ledger {
            json.beginObject()
            json.field("pool", row.pool.name)
            json.field("limit", row.pool.limit)
            json.field("held_before", row.heldBefore)
            json.field("held_after", row.heldAfter)
            json.endObject()
        }
        json.endArray()
    }
}

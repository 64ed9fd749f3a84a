import Diagnostics
import Reconciliation

/// What stands above a comparison: what was compared, whose people it is about, and what one must know to judge it.
package struct ComparisonHead: Sendable, Equatable {
    /// One condition of `--fail-on`, with what was counted.
    package struct Verdict: Sendable, Equatable {
        package var name: String
        package var count: Int
        /// `lose_access is 12, and fails above 10`.
        package var sentence: String
        package var isExceeded: Bool

        package init(name: String, count: Int, sentence: String, isExceeded: Bool) {
            self.name = name
            self.count = count
            self.sentence = sentence
            self.isExceeded = isExceeded
        }
    }

    package var old: String
    package var new: String
    /// The run that had read people and groups.
    package var run: Int64
    package var people: Int
    package var groups: Int
    package var isPseudonymous: Bool
    /// One sentence each.
    package var notes: [String]
    package var verdicts: [Verdict]

    package init(
        old: String, new: String, run: Int64, people: Int, groups: Int, isPseudonymous: Bool, notes: [String],
        verdicts: [Verdict]
    ) {
        self.old = old
        self.new = new
        self.run = run
        self.people = people
        self.groups = groups
        self.isPseudonymous = isPseudonymous
        self.notes = notes
        self.verdicts = verdicts
    }

    /// Domains of emails begin with `@`; all else are files.
    var title: String {
        old.utf8.first == UInt8(ascii: "@")
            ? "What changes when emails in `\(old)` move to `\(new)`: nothing has been written"
            : "What `\(new)` changes against `\(old)`: nothing has been written"
    }

    /// What is said in all renderings but JSON, one sentence each; verdicts that fail apart.
    func lines(time: Int64, plans: [TargetPlan]) -> [String] {
        let counts =
            "\(Counted.text(people, "person", plural: "people")) and \(Counted.text(groups, "group"))"
        var lines = [
            "for \(counts) as run \(run) read them, \(Timestamp.text(time))\(isPseudonymous ? ", under pseudonyms" : "")",
            "as if every night under the old side were through: limits, pace and grants by hand do not count",
        ]
        lines += notes
        for plan in plans {
            let exceeded = plan.tally.filter(\.isExceeded)
            if exceeded.isEmpty { continue }
            let kinds = exceeded.map { "`\($0.kind.rawValue)` \(Counted.number($0.count)) (limit \($0.limitText))" }
            lines.append(
                "a night would hold this back on \(plan.target) until it is approved: \(kinds.joined(separator: ", "))")
        }
        return lines
    }

    /// Sentences of the conditions that are not met.
    var failures: [String] { verdicts.filter(\.isExceeded).map(\.sentence) }
}

extension JSONWriter {
    /// What stands above a comparison.
    mutating func comparison(_ head: ComparisonHead) {
        key("comparison")
        beginObject()
        field("old", head.old)
        field("new", head.new)
        field("read_by_run", Int(head.run))
        field("people", head.people)
        field("groups", head.groups)
        field("pseudonyms", head.isPseudonymous)
        field("notes", head.notes)
        key("fail_on")
        beginArray()
        for verdict in head.verdicts {
            beginObject()
            field("name", verdict.name)
            field("count", verdict.count)
            field("failed", verdict.isExceeded)
            field("sentence", verdict.sentence)
            endObject()
        }
        endArray()
        endObject()
    }
}

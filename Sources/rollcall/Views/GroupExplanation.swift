import DirectoryModel
import MappingLanguage
import Reconciliation
import Reports
import SyncAgent

/// What being in a group comes to for everybody in it, as a list.
struct GroupExplanation {
    private let scene: InquiryScene

    init(_ scene: InquiryScene) { self.scene = scene }

    func write(_ name: String, _ output: ListOptions) throws {
        let group = try scene.group(name)
        var isNamed = false
        var people = 0
        let inquiries = try scene.targets.map { try scene.inquiry($0) }
        for inquiry in inquiries {
            isNamed = isNamed || inquiry.isNamed(group)
            people = max(people, inquiry.countOfPeople(in: group))
        }
        let nothing =
            people == 0
            ? "nobody is in group `\(name)`"
            : isNamed
                ? "nobody in group `\(name)` is a person of their own here"
                : "no rule names group `\(name)`, or a group that it is in, as something to be in: it gives nothing"
        try output.write(.groupGifts, nothing: nothing) { writer, sink in
            for inquiry in inquiries {
                try inquiry.forEachGift(of: group) {
                    try writer.row($0.cells(inquiry.settings.name), to: sink)
                }
            }
        }
    }
}

extension GroupGift {
    /// The facts of `Listing.groupGifts`.
    func cells(_ target: String) -> [Cell] {
        let what =
            rule.isMatched ? rule.outcomes : rule.condition.firstFailures.map { "nothing: \($0.unmet)" } + rule.outcomes
        return [
            .text(target), .text(label), .text(chain.joined(separator: " → ")), .text(rule.name), .text(rule.place),
            .truth(rule.isMatched), .text(what.joined(separator: "; ")), .text(key.directory), .text("\(key.id)"),
        ]
    }
}

extension RuleExplanation {
    /// The rule's name, with the captured word where there is one.
    var name: String { rule.name + (captured.map { " for \($0)" } ?? "") }
}

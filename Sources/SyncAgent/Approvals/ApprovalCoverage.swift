import Diagnostics
import DirectoryModel
import Reconciliation

/// How many of those whom an approval names anybody knows: an id that is nobody's lifts nothing, and a list with the wrong ones
/// is better found a week before than in the night.
struct ApprovalCoverage {
    let approval: Approval
    let known: Int

    var named: Int { approval.people.count }

    /// `approval `hr.yaml` covers 0 of 12 people: nobody has the other ids`.
    var sentence: String {
        let others = named - known == 1 ? "the other id" : known == 0 ? "these ids" : "the other ids"
        let people = named == 1 ? "1 person" : "\(named) people"
        return
            "covers \(known) of \(people): nobody in directory or roster has \(known == 0 && named == 1 ? "this id" : others)"
    }

    static let hint = "compare its ids with `rollcall explain PERSON`"

    /// Approvals that name somebody whom neither the directory nor the roster knows; those out of date are left out.
    static func lacking(_ approvals: [Approval], _ mirror: Mirror, _ rosters: [TargetRoster], now: Int64)
        -> [ApprovalCoverage]
    {
        let open = approvals.filter { now < $0.validUntil && !$0.people.isEmpty }
        if open.isEmpty { return [] }
        var wanted: Set<ImmutableID> = []
        for approval in open { wanted.formUnion(approval.people) }
        var known: Set<ImmutableID> = []
        for person in mirror.people where wanted.contains(person.id) { known.insert(person.id) }
        for roster in rosters { for row in roster.users where wanted.contains(row.id) { known.insert(row.id) } }
        return open.compactMap { approval in
            let count = approval.people.count { known.contains($0) }
            return count < approval.people.count ? ApprovalCoverage(approval: approval, known: count) : nil
        }
    }
}

extension AgentRun.Decision {
    /// Tells of approvals that name people whom nobody knows, on each target that they are for.
    mutating func tellCoverage(_ files: AgentFiles, _ roster: Roster, now: Int64) {
        for coverage in ApprovalCoverage.lacking(files.approvals, mirror, roster.targets, now: now) {
            for place in plans.indices where coverage.approval.targets?.contains(plans[place].target) ?? true {
                plans[place].add(
                    Finding(
                        code: "approval.unknown-people", weight: .warning,
                        message: "approval `\(FilePath.name(of: coverage.approval.file))` \(coverage.sentence)",
                        hint: ApprovalCoverage.hint))
            }
        }
    }
}

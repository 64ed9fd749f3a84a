import AccessModel
import Diagnostics
import DirectoryModel
import Foundation
import MappingLanguage
import Reconciliation
import Reports
import TestSupport
import Testing

/// Explanations and heads of runs, with names that try to hide a line, move the cursor or turn the reading direction.
struct HostilePersonTests {
    /// A report with the name in every place that a directory, a file or a person can fill.
    static func report(_ name: String, whyNot: String? = nil) -> PersonReport {
        let head = PersonReport.Head(
            person: PersonKey(directory: name, id: SamplePlans.id(1)), email: name, name: name, login: name, dn: name,
            standing: name)
        var details = UserDetails()
        details.causes = [Cause(kind: .manual, since: SamplePlans.night, by: name, reason: name)]
        let user = PersonReport.User(
            email: name, status: .suspended, managed: true,
            access: Access(
                roles: [ScopedRole(scope: ScopePath([name]), role: name)], templates: [name], switches: [name],
                permissions: [AreaSetting(area: name, values: [name])]),
            reason: name, since: SamplePlans.night, lastSignIn: nil, details: details)
        let finding = Finding(
            code: "x.y", weight: .severe, person: SamplePlans.key(1), label: name, message: name, hint: name)
        var target = PersonReport.Target(name: name, user: user, findings: [finding], explanation: explanation(name))
        let line = PlaceInLine(
            person: SamplePlans.key(1), scope: ScopePath([name]), role: name, seatPriority: 0, since: SamplePlans.night,
            forPace: false)
        let pool = LedgerRow(
            pool: SeatPool(scope: ScopePath([name]), seatClass: name, limit: 1), heldBefore: 1, freed: 0, given: 0,
            heldAfter: 1, waiting: 1, oldestWaiting: nil)
        target.places = [PersonReport.Place(RosterExplanation.Place(line: line, position: 1, of: 2), pools: [pool])]
        target.held = PersonReport.HeldRun(run: 1, messages: [name], isWhole: true)
        let change = Change(
            kind: .changeRole, evidence: .positive, subject: 0, reason: 0, scope: ScopePath([name]), before: name,
            after: name)
        let reasoned = ReasonedChange(change: change, reason: .human(name: name, reason: name))
        target.next = PersonReport.NextRun(changes: [reasoned], held: [reasoned], isObserved: true)
        target.past = [PersonReport.PastChange(run: 1, time: 0, actor: name, change: change, reason: name)]
        if whyNot != nil {
            target.whyNot = WhyNot(
                verdict: .no, obstacles: [WhyNot.Obstacle(.suspended, name, hint: name, since: 0)],
                rules: explanation(name).rules.map { WhyNot.Rule(rule: $0, failures: $0.condition.firstFailures) })
        }
        var report = PersonReport(
            head: head,
            targets: [
                target, PersonReport.Target(name: name, user: nil, findings: [finding], explanation: nil),
            ], whyNot: whyNot)
        let group = GroupMembership(
            key: GroupKey(directory: name, id: SamplePlans.id(3)), name: name, dn: name, chain: [name, name],
            isMapped: true)
        report.groups = [
            PersonReport.Group(group, targets: [name], since: (1, 0)), PersonReport.Group(group, targets: []),
        ]
        return report
    }

    /// A rule that matches and one that does not, of the name through and through.
    static func explanation(_ name: String) -> Explanation {
        let rule = Rule(
            name: name, position: SourcePosition(file: name, line: 1, column: 1),
            condition: .attribute(
                AttributeTest(
                    name: name, operator: .equals(name), position: SourcePosition(file: name, line: 1, column: 1))),
            gift: Gift(role: name))
        let part = ConditionTrace(name, isMet: false, chain: [name], note: name)
        let trace = ConditionTrace(name, isMet: false, chain: [name, name], note: name, parts: [part, part])
        let met = ConditionTrace(name, isMet: true, chain: [name, name], note: name)
        return Explanation(
            rules: [
                RuleExplanation(
                    rule: rule, captured: name, isMatched: true, condition: met, gives: rule.possibleGifts,
                    outcomes: [name]),
                RuleExplanation(
                    rule: rule, captured: name, isMatched: false, condition: trace, gives: rule.possibleGifts,
                    outcomes: [name]),
            ], desired: .none, causes: [CauseExplanation(name: name, holds: true, condition: trace)])
    }

    static func record(_ name: String) -> RunRecord {
        RunRecord(
            number: 1, command: name, actor: name, started: SamplePlans.night, ended: SamplePlans.night,
            outcome: .partlyHeld, exitStatus: 3, summary: name, version: name,
            targets: [
                TargetRunRecord(
                    target: name, mode: .manage, held: true, counts: [name: 1], holds: [name], findingKeys: [name])
            ])
    }

    @Test(arguments: HostileNames.all)
    func personTextIsPrintable(_ name: String) {
        PrintableText.expect(PersonText.bytes(Self.report(name)))
        PrintableText.expect(PersonText.bytes(Self.report(name, whyNot: name)))
    }

    @Test(arguments: HostileNames.all)
    func personTextHasTheSameLinesWhateverTheName(_ name: String) {
        let lines = { (name: String) in PersonText.bytes(Self.report(name)).count { $0 == 0x0A } }
        #expect(lines(name) == lines("plain"))
    }

    @Test(arguments: HostileNames.all)
    func personJSONIsPrintableAndReadsBack(_ name: String) throws {
        let bytes = PersonJSON.bytes(Self.report(name))
        PrintableText.expect(bytes)
        let root = try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
        let person = try #require(root["person"] as? [String: Any])
        let email = try #require(person["email"] as? String)
        #expect(Array(email.unicodeScalars) == Array(name.unicodeScalars))
    }

    @Test(arguments: HostileNames.all)
    func headOfARunIsPrintableAndHasTheSameLines(_ name: String) {
        let bytes = RunHead(Self.record(name)).bytes(style: .plain)
        PrintableText.expect(bytes)
        #expect(bytes.count { $0 == 0x0A } == RunHead(Self.record("plain")).bytes(style: .plain).count { $0 == 0x0A })
    }
}

import AccessModel
import Diagnostics
import DirectoryModel
import Foundation
import MappingLanguage
import Reconciliation
import Reports
import TestSupport
import Testing

/// Names that try to hide a line, move the cursor, turn the reading direction or run a formula.
struct HostileTextTests {
    /// A plan with the name in every place that a directory, a file or a person can fill.
    static func plan(_ name: String) -> TargetPlan {
        var plan = TargetPlan(target: "t", mode: .manage)
        plan.directories = ["corp"]
        let subject = SamplePlans.addSubject(name, name, number: 1, to: &plan)
        plan.accesses.append(
            Access(
                roles: [ScopedRole(scope: ScopePath([name]), role: name)], templates: [name], switches: [name],
                permissions: [AreaSetting(area: name, values: [name])]))
        plan.subjects[Int(subject)].row?.access = 1
        let rule = RuleReason(rule: name, place: name, captured: name, groups: [name])
        plan.reasons = [
            .rules([rule]), .noRule(before: name), .cause(.disabled, detail: name), .seats(pool: name, detail: name),
            .edited(file: name), .directory(detail: name), .human(name: name, reason: name),
        ]
        for (place, kind) in ChangeKind.allCases.enumerated() {
            plan.changes.append(
                Change(
                    kind: kind, evidence: .positive, subject: subject, reason: UInt32(place % 7), before: name,
                    after: name))
        }
        plan.findings = [
            Finding(code: "x.y", weight: .severe, person: SamplePlans.key(1), label: name, message: name, hint: name)
        ]
        plan.holds = [
            Hold(
                kind: .groupShrink, extent: .group(GroupKey(directory: name, id: SamplePlans.id(2)), name: name),
                message: name, count: 1,
                limit: 0, people: [], wouldHave: [name], causes: [HoldCause(text: name, people: 1)]),
            Hold(
                kind: .privilegedGain, extent: .grant(SamplePlans.key(1), what: name), message: name, count: 1,
                limit: 0, people: [],
                wouldHave: [], causes: []),
        ]
        plan.tally = [
            GuardTally(kind: .remove, count: 1, limit: 5, limitText: name, approved: 0, earlier: 1, window: name)
        ]
        let pool = SeatPool(scope: ScopePath([name]), seatClass: name, limit: 1, price: name)
        plan.ledger = [
            LedgerRow(pool: pool, heldBefore: 1, freed: 0, given: 1, heldAfter: 2, waiting: 2, oldestWaiting: 0)
        ]
        plan.waiting = [waiting(name, 1), waiting(name, 9)]
        plan.unread = [
            UnreadDirectory(name: name, cause: name, hint: name, sinceRun: 1, since: 0, sinceText: name, users: 1)
        ]
        plan.editedFiles = [name]
        plan.pausedBy = 1
        return plan
    }

    /// The same of a target that is held as a whole, with the plan that it would have been.
    static func heldPlan(_ name: String) -> TargetPlan {
        var held = plan(name)
        let group = GroupKey(directory: name, id: SamplePlans.id(2))
        held.holds = (GroupDoubt.allCases + [nil]).map { doubt in
            Hold(
                kind: .groupShrink, extent: .group(group, name: name), message: name, count: 1, limit: 0, people: [],
                wouldHave: [name], causes: [HoldCause(text: name, people: 1), HoldCause(text: name, people: 1)],
                before: 2, note: name, doubt: doubt)
        }
        held.holds.append(
            Hold(
                kind: .suspendOther, extent: .target(evenDisabled: true), message: name, count: 1, limit: 0, people: [],
                wouldHave: [name], causes: [HoldCause(text: name, people: 1)], note: name))
        held.heldBack = HeldBack(plan(name))
        return held
    }

    private static func waiting(_ name: String, _ number: UInt8) -> PlaceInLine {
        PlaceInLine(
            person: SamplePlans.key(number), scope: ScopePath([name]), role: name, seatPriority: 0, since: 0,
            forPace: false)
    }

    /// A report of both with the name in everything that stands around plans: findings of which one is new and one acknowledged, entries set
    /// aside, how directories were read.
    static func report(_ name: String, stage: PlanReport.Stage = .applied) -> PlanReport {
        var first = plan(name)
        first.findings.append(Finding(code: "x.z", weight: .severe, label: name, message: name, hint: name))
        var report = SamplePlans.report([first, heldPlan(name)], stage: stage)
        report.version = name
        report.newFindings = ["t": [first.findings[0]]]
        let known = Acknowledgement(
            target: "t", key: FindingKey.of(first.findings[1]), until: SamplePlans.night + 1, reason: name, actor: name,
            since: 0, run: 1)
        report.acknowledged = Acknowledgements([known], at: SamplePlans.night)
        report.setAside = [
            SetAsideEntries(directory: name, entries: [SetAsideEntry(dn: name, reason: .unparsableDN)])
        ]
        report.readings = [DirectoryReading(directory: name, way: .whole(name))]
        report.scope = .everybody(name)
        report.names = [SamplePlans.key(9): name]
        report.head = AuditHead(run: 1, hash: name)
        return report
    }

    /// A run that ended before it was written.
    static func failed(_ name: String) -> PlanReport {
        var report = report(name, stage: .failed)
        report.failure = FailureReport(
            code: name, message: name, causes: [name], details: [name], hint: name, exitStatus: 1)
        return report
    }

    @Test(arguments: HostileNames.all)
    func planTextIsPrintable(_ name: String) {
        for text in Self.texts(name) { PrintableText.expect(text) }
    }

    @Test(arguments: HostileNames.all)
    func planTextHasTheSameLinesWhateverTheName(_ name: String) {
        let lines = { (name: String) in Self.texts(name).map { $0.count { $0 == 0x0A } } }
        #expect(lines(name) == lines("plain"))
    }

    /// Texts for people that are made of plans: the report of each stage, what cron mails, and what other seats would change.
    private static func texts(_ name: String) -> [[UInt8]] {
        let whatIf = WhatIf(now: SamplePlans.quietNight(name), then: plan(name), assumptions: [name])
        return [
            PlanText.bytes(report(name)), PlanText.bytes(report(name, stage: .planned)), PlanText.bytes(failed(name)),
            NightMessage(report(name), reports: [name]).bytes(style: .plain),
            NightMessage(report(name), reports: [name]).bytes(style: TextStyle(entriesAtMost: 0)),
            WhatIfReport(whatIf).text(style: .plain),
            WhatIfReport(WhatIf(now: plan(name), then: SamplePlans.quietNight(name), assumptions: [])).text(
                style: .plain),
        ]
    }

    @Test(arguments: HostileNames.all)
    func otherSeatsInJSONArePrintable(_ name: String) {
        PrintableText.expect(
            WhatIfReport(WhatIf(now: SamplePlans.quietNight(name), then: Self.plan(name), assumptions: [name])).json())
    }

    @Test(arguments: HostileNames.all)
    func planJSONIsPrintableAndReadsBack(_ name: String) throws {
        let bytes = PlanJSON.bytes(Self.report(name))
        PrintableText.expect(PlanJSON.bytes(Self.failed(name)))
        PrintableText.expect(bytes)
        let target = try #require(try PlanReportTests.targets(of: bytes).first)
        let finding = try #require((target["findings"] as? [[String: Any]])?.first)
        let label = try #require(finding["label"] as? String)
        #expect(Array(label.unicodeScalars) == Array(name.unicodeScalars))
    }

    @Test(arguments: HostileNames.all)
    func listingsArePrintable(_ name: String) {
        for format in OutputFormat.allCases {
            let bytes = Self.listing([.text(name), .list([name])], format)
            PrintableText.expect(bytes.filter { $0 != 0x0D || format != .csv })
        }
    }

    @Test(arguments: HostileNames.all)
    func noCellOfASheetIsAFormula(_ name: String) {
        let sheet = Self.listing([.text(name), .text("x")], .csv)
        let record = String(decoding: sheet, as: UTF8.self).components(separatedBy: "\r\n")[1]
        let start = record.unicodeScalars.first { $0 != "\"" && $0 != " " }
        #expect(!["=", "+", "-", "@", "\u{FF1D}"].contains(start))
    }

    @Test(arguments: HostileNames.all)
    func failuresArePrintable(_ name: String) {
        let failure = FailureReport(
            code: "x", message: name, causes: [name], details: [name], hint: name, exitStatus: 1)
        PrintableText.expect(failure.text(style: .plain))
        PrintableText.expect(failure.json())
    }

    static func listing(_ cells: [Cell], _ format: OutputFormat) -> [UInt8] {
        let columns = [Listing.Column("a", "A"), Listing.Column("b", "B")]
        let listing = Listing(format: "test/1", noun: "row", plural: "rows", columns: columns)
        var bytes: [UInt8] = []
        var writer = ListingWriter(listing, format: format, style: .plain)
        writer.row(cells) { bytes.append(contentsOf: $0) }
        writer.end(nothing: "none") { bytes.append(contentsOf: $0) }
        return bytes
    }
}

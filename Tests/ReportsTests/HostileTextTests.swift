import Diagnostics
import Foundation
import MappingLanguage
import Reconciliation
import Reports
import TestSupport
import Testing

/// Names that try to hide a line, move the cursor, turn the reading direction or run a formula.
struct HostileTextTests {
    static let names = HostileNames.all

    /// A plan with the name in every place that a directory, a file or a person can fill.
    static func plan(_ name: String) -> TargetPlan {
        var plan = TargetPlan(target: "t", mode: .manage)
        plan.directories = ["corp"]
        let subject = SamplePlans.addSubject(name, name, number: 1, to: &plan)
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
        plan.tally = [GuardTally(kind: .remove, count: 1, limit: 5, limitText: name, approved: 0)]
        return plan
    }

    @Test(arguments: names)
    func planTextIsPrintable(_ name: String) {
        Self.expectPrintable(PlanText.bytes(SamplePlans.report([Self.plan(name)])))
    }

    @Test(arguments: names)
    func planTextHasTheSameLinesWhateverTheName(_ name: String) {
        let lines = { (name: String) in
            PlanText.bytes(SamplePlans.report([Self.plan(name)])).count { $0 == 0x0A }
        }
        #expect(lines(name) == lines("plain"))
    }

    @Test(arguments: names)
    func planJSONIsPrintableAndReadsBack(_ name: String) throws {
        let bytes = PlanJSON.bytes(SamplePlans.report([Self.plan(name)]))
        Self.expectPrintable(bytes)
        let target = try #require(try PlanReportTests.targets(of: bytes).first)
        let finding = try #require((target["findings"] as? [[String: Any]])?.first)
        let label = try #require(finding["label"] as? String)
        #expect(Array(label.unicodeScalars) == Array(name.unicodeScalars))
    }

    @Test(arguments: names)
    func listingsArePrintable(_ name: String) {
        for format in OutputFormat.allCases {
            let bytes = Self.listing([.text(name), .list([name])], format)
            Self.expectPrintable(bytes.filter { $0 != 0x0D || format != .csv })
        }
    }

    @Test(arguments: names)
    func noCellOfASheetIsAFormula(_ name: String) {
        let sheet = Self.listing([.text(name), .text("x")], .csv)
        let record = String(decoding: sheet, as: UTF8.self).components(separatedBy: "\r\n")[1]
        let start = record.unicodeScalars.first { $0 != "\"" && $0 != " " }
        #expect(!["=", "+", "-", "@", "\u{FF1D}"].contains(start))
    }

    @Test(arguments: names)
    func failuresArePrintable(_ name: String) {
        let failure = FailureReport(code: "x", message: name, causes: [name], hint: name, exitStatus: 1)
        Self.expectPrintable(failure.text(style: .plain))
        Self.expectPrintable(failure.json())
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

    /// Only line feeds and scalars that `SafeText` finds harmless.
    static func expectPrintable(_ bytes: [UInt8], sourceLocation: SourceLocation = #_sourceLocation) {
        let text = String(decoding: bytes, as: UTF8.self)
        let bad = text.unicodeScalars.filter { $0 != "\n" && SafeText.isDangerous($0) }
        #expect(bad.isEmpty, sourceLocation: sourceLocation)
    }
}

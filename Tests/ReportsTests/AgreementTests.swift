import AccessModel
import Foundation
import Reconciliation
import Reports
import TestSupport
import Testing

/// Five renderings of one plan say the same figures, and the roster afterwards bears them out; a failure names its seed.
struct AgreementTests {
    @Test func fiveRenderingsAndTheRosterAgree() throws {
        for seed in Figures.seeds(Figures.cases / 4) {
            var generator = WorldGenerator(seed: seed, calm: seed % 3 == 0)
            var roster = InMemoryRoster()
            for _ in 0..<3 {
                let plan = generator.world.plan(roster.roster)
                let report = PlanReport(stage: .applied, run: 1, time: 0, version: "1", plans: [plan])
                let counted = Self.counted(plan)
                try expectAgreement(report, plan, counted, seed)
                let before = roster
                roster.apply(plan)
                expectRoster(before, roster, counted, seed)
                generator.passDay()
            }
        }
    }

    /// Changes of each kind by their names, counted here.
    private static func counted(_ plan: TargetPlan) -> [String: Int] {
        var counts: [String: Int] = [:]
        for change in plan.changes { counts[change.kind.name, default: 0] += 1 }
        return counts
    }

    private func expectAgreement(
        _ report: PlanReport, _ plan: TargetPlan, _ counted: [String: Int], _ seed: UInt64
    ) throws {
        let held = plan.heldBack.map { Self.counted($0.plan) } ?? [:]
        let target = try #require(try PlanReportTests.targets(of: PlanJSON.bytes(report)).first)
        let counts = try #require(target["counts"] as? [String: Any])
        #expect(counts["by_kind"] as? [String: Int] ?? [:] == counted, "seed \(seed): JSON")
        #expect((target["holds"] as? [Any])?.count == plan.holds.count, "seed \(seed)")

        let rows = SheetReader.rows(PlanCSV.bytes(report))
        #expect(Self.kinds(rows, "change") == counted, "seed \(seed): CSV")
        #expect(Self.kinds(rows, "held_change") == held, "seed \(seed): CSV, held")
        #expect(rows.count { $0[1] == "finding" } == plan.findings.count, "seed \(seed): CSV")
        #expect(rows.count { $0[1] == "hold" } == plan.holds.count, "seed \(seed): CSV")

        let page = String(decoding: PlanHTML.bytes(report), as: UTF8.self)
        #expect(Self.chips(page) == counted.merging(held, uniquingKeysWith: +), "seed \(seed): HTML")
        let people = Self.rows(page)
        #expect(
            people == PlanCause.all(of: plan).reduce(0) { $0 + $1.people }
                + (plan.heldBack.map { PlanCause.all(of: $0.plan).reduce(0) { $0 + $1.people } } ?? 0),
            "seed \(seed): rows of HTML")

        let markdown = String(decoding: PlanMarkdown.bytes(report), as: UTF8.self)
        let participles = Dictionary(uniqueKeysWithValues: ChangeKind.allCases.map { ($0.participle, $0.name) })
        #expect(Self.table(markdown, participles) == counted, "seed \(seed): Markdown")

        let sentence = PlanCounts(plan).sentence(of: plan)
        let text = String(decoding: PlanText.bytes(report), as: UTF8.self)
        for (name, rendering) in [("text", text), ("HTML", page)] where !sentence.contains("`") {
            #expect(rendering.contains(sentence), "seed \(seed): \(name)")
        }
        #expect(rows.first { $0[1] == "target" }?[10].hasPrefix(sentence) == true, "seed \(seed): CSV")
    }

    /// Who became what, looked up in the roster.
    private func expectRoster(
        _ before: InMemoryRoster, _ after: InMemoryRoster, _ counted: [String: Int], _ seed: UInt64
    ) {
        var became: [String: Int] = [:]
        for row in after.roster.users {
            let was = before.roster.users.first { $0.id == row.id && $0.directory == row.directory }?.status
            if was == row.status { continue }
            switch (was, row.status) {
            case (_, .suspended): became["suspend", default: 0] += 1
            case (_, .removed): became["remove", default: 0] += 1
            default: break
            }
        }
        for kind in ["suspend", "remove"] {
            #expect(became[kind] ?? 0 == counted[kind] ?? 0, "seed \(seed): \(kind) in the roster")
        }
    }

    private static func kinds(_ rows: [[String]], _ record: String) -> [String: Int] {
        var counts: [String: Int] = [:]
        for row in rows where row[1] == record { counts[row[2], default: 0] += 1 }
        return counts
    }

    /// The figures beside the kinds that a page offers to filter by.
    private static func chips(_ page: String) -> [String: Int] {
        var counts: [String: Int] = [:]
        for part in page.components(separatedBy: "<input type=\"checkbox\" value=\"").dropFirst() {
            let name = part.components(separatedBy: "\"").first ?? ""
            let figure = part.components(separatedBy: "<span class=\"faint\">").dropFirst().first?
                .components(separatedBy: "<").first?.replacingOccurrences(of: ",", with: "")
            counts[name] = figure.flatMap { Int($0) }
        }
        return counts
    }

    private static func rows(_ page: String) -> Int {
        page.components(separatedBy: "<details class=\"row\">").count - 1
    }

    /// The table of kinds.
    private static func table(_ markdown: String, _ names: [String: String]) -> [String: Int] {
        guard let table = markdown.components(separatedBy: "### Changes by kind\n\n").dropFirst().first else {
            return [:]
        }
        var counts: [String: Int] = [:]
        for line in table.components(separatedBy: "\n").dropFirst(2) {
            guard line.hasPrefix("|") else { break }
            let cells = line.components(separatedBy: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            guard let name = names[cells[1]] else { continue }
            counts[name] = Int(cells[2].replacingOccurrences(of: ",", with: ""))
        }
        return counts
    }
}

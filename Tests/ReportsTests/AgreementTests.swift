import DirectoryModel
import Foundation
import Reconciliation
import Reports
import SQLiteRoster
import TestSupport
import Testing

/// Five renderings of one plan say the same figures, and the roster afterwards bears them out; a failure names its seed.
struct AgreementTests {
    /// What came up, so that the test cannot pass on nothing.
    private struct Seen {
        var kinds: [String: Int] = [:]
        var held = 0

        mutating func add(_ plan: TargetPlan) {
            for change in plan.changes { kinds[change.kind.name, default: 0] += 1 }
            if plan.heldBack != nil { held += 1 }
        }
    }

    private static let nights = 5

    /// One in four is held as soon as anybody would lose anything.
    private static func world(_ seed: UInt64) -> WorldGenerator {
        var generator = WorldGenerator(seed: seed, calm: seed % 3 == 0)
        guard seed % 4 == 1 else { return generator }
        let nobody = Limit(count: 0, percent: nil, floor: 0)
        generator.edit { world in
            world.settings.limits.suspendOther = nobody
            world.settings.limits.loseAccess = nobody
            world.settings.limits.changeEmail = nobody
        }
        return generator
    }

    /// Whatever else happens, somebody is disabled one day, and nobody is any more two days later.
    private static func passDay(_ generator: inout WorldGenerator, after night: Int) {
        generator.passDay()
        generator.edit { world in
            if night == 2, !world.people.isEmpty { world.people[0].state = .disabledByFlag }
            guard night == 4 else { return }
            for place in world.people.indices { world.people[place].state = .enabled }
        }
    }

    @Test func fiveRenderingsAndTheRosterAgree() throws {
        var seen = Seen()
        for seed in Figures.seeds(Figures.cases / 4) {
            var generator = Self.world(seed)
            var roster = InMemoryRoster()
            for night in 1...Self.nights {
                let plan = generator.world.plan(roster.roster)
                try expectAgreement(plan, seed)
                let before = roster.roster
                if let held = plan.heldBack?.plan {
                    var open = roster
                    open.apply(held)
                    expectDifference(before, open.roster, CountedPlan(held), seed)
                }
                roster.apply(plan)
                expectDifference(before, roster.roster, CountedPlan(plan), seed)
                seen.add(plan)
                Self.passDay(&generator, after: night)
            }
        }
        expectEnough(seen)
    }

    /// The same over a roster on disk, with what other programs read of its audit.
    @Test func theStoredRosterAndItsAuditAgree() throws {
        var seen = Seen()
        for seed in Figures.seeds(Figures.cases / 10) {
            let folder = try TemporaryDirectory(inMemory: true)
            let path = folder.path("roster.sqlite")
            let roster = try SQLiteRoster(RosterOpening(path: path, use: .create))
            var generator = Self.world(seed)
            for night in 1...Self.nights {
                let loaded = try roster.load(targets: ["acme"])
                let plan = generator.world.plan(loaded.targets[0])
                try expectAgreement(plan, seed)
                try apply(plan, as: Int64(night), after: loaded, to: roster)
                let counted = CountedPlan(plan)
                expectDifference(loaded.targets[0], try roster.load(targets: ["acme"]).targets[0], counted, seed)
                #expect(try audited(path, Int64(night)) == counted.kinds, "seed \(seed): audit")
                seen.add(plan)
                Self.passDay(&generator, after: night)
            }
            try roster.close()
        }
        expectEnough(seen)
    }

    private func expectEnough(_ seen: Seen) {
        guard Figures.hasAllSeeds else { return }
        let kinds: [ChangeKind] = [
            .invite, .suspend, .remove, .resume, .changeRole, .joinScope, .leaveScope, .addTemplate, .removeTemplate,
            .changeEmail, .changeName, .setCause, .wait, .stopWaiting, .changePermissions,
        ]
        for kind in kinds { #expect(seen.kinds[kind.name] ?? 0 > 0, "\(kind)") }
        #expect(seen.held > 5)
    }

    private func apply(_ plan: TargetPlan, as run: Int64, after loaded: Roster, to roster: SQLiteRoster) throws {
        var plan = plan
        // The roster is given no mirror for persons and groups to be in.
        plan.baseline = nil
        for place in plan.subjects.indices { plan.subjects[place].person = nil }
        let record = RunRecord(
            number: run, command: "sync", actor: "root", started: run * 100, ended: run * 100, outcome: .applied,
            exitStatus: 0, summary: "", version: "v", targets: [])
        try roster.apply(
            RunToApply(
                record: record, generation: loaded.generation, mirror: nil, stamps: [:], pins: [], plans: [plan]))
    }

    private func audited(_ path: String, _ run: Int64) throws -> [String: Int] {
        let names = Dictionary(uniqueKeysWithValues: ChangeKind.allCases.map { ("\($0)", $0.name) })
        let rows = try RawDatabase(path).rows(
            "SELECT change, count(*) FROM roster_audit WHERE run = \(run) GROUP BY change")
        return Dictionary(uniqueKeysWithValues: rows.map { (names[$0[0] ?? ""] ?? "?", Int($0[1] ?? "") ?? -1) })
    }

    // MARK: Renderings

    private func expectAgreement(_ plan: TargetPlan, _ seed: UInt64) throws {
        let report = PlanReport(stage: .applied, run: 1, time: 0, version: "1", plans: [plan])
        let counted = CountedPlan(plan)
        let held = plan.heldBack.map { CountedPlan($0.plan) }
        try expectJSON(report, plan, counted, held, seed)
        expectSheet(report, plan, counted, held, seed)
        expectPage(report, plan, counted, held, plan.heldBack.map { CountedPlan($0.plan, without: plan) }, seed)
        expectMarkdown(report, plan, counted, held, seed)
        expectText(report, plan, counted, held, seed)
        if let open = plan.heldBack?.plan { expectHeld(plan, open, CountedPlan(open), seed) }
    }

    private func expectJSON(
        _ report: PlanReport, _ plan: TargetPlan, _ counted: CountedPlan, _ held: CountedPlan?, _ seed: UInt64
    ) throws {
        let target = try #require(try PlanReportTests.targets(of: PlanJSON.bytes(report)).first)
        let counts = try #require(target["counts"] as? [String: Any])
        #expect(counts["by_kind"] as? [String: Int] ?? [:] == counted.kinds, "seed \(seed): JSON")
        #expect(counts["people"] as? Int == counted.people, "seed \(seed): JSON")
        #expect(counts["findings"] as? Int == plan.findings.count, "seed \(seed): JSON")
        #expect(Self.kinds(of: target["changes"]) == counted.kinds, "seed \(seed): JSON")
        #expect(Self.kinds(of: target["held_changes"]) == held?.kinds ?? [:], "seed \(seed): JSON, held")
        let causes = (target["causes"] as? [[String: Any]] ?? []).reduce(into: [:]) { sums, cause in
            sums[cause["kind"] as? String ?? "", default: 0] += cause["people"] as? Int ?? 0
        }
        #expect(causes == counted.peopleOfCauses, "seed \(seed): JSON, causes")
        #expect((target["holds"] as? [Any])?.count == plan.holds.count, "seed \(seed): JSON")
    }

    private static func kinds(of changes: Any?) -> [String: Int] {
        (changes as? [[String: Any]] ?? []).reduce(into: [:]) { $0[$1["kind"] as? String ?? "", default: 0] += 1 }
    }

    private func expectSheet(
        _ report: PlanReport, _ plan: TargetPlan, _ counted: CountedPlan, _ held: CountedPlan?, _ seed: UInt64
    ) {
        let rows = SheetReader.rows(PlanCSV.bytes(report))
        func kinds(_ record: String) -> [String: Int] {
            rows.filter { $0[1] == record }.reduce(into: [:]) { $0[$1[2], default: 0] += 1 }
        }
        #expect(kinds("change") == counted.kinds, "seed \(seed): CSV")
        #expect(kinds("held_change") == held?.kinds ?? [:], "seed \(seed): CSV, held")
        #expect(rows.count { $0[1] == "finding" } == plan.findings.count, "seed \(seed): CSV")
        #expect(rows.count { $0[1] == "hold" } == plan.holds.count, "seed \(seed): CSV")
        #expect(
            rows.first { $0[1] == "target" }?[10].hasPrefix(headline(plan, counted, held)) == true, "seed \(seed): CSV")
    }

    /// What is held has boxes of its own, and says of nobody what is done to them anyway: so its figures are those of the headline.
    private func expectPage(
        _ report: PlanReport, _ plan: TargetPlan, _ counted: CountedPlan, _ held: CountedPlan?,
        _ notDone: CountedPlan?, _ seed: UInt64
    ) {
        let page = String(decoding: PlanHTML.bytes(report), as: UTF8.self)
        func both(_ figures: (CountedPlan) -> [String: Int]) -> [String: Int] {
            let apart = (notDone.map(figures) ?? [:]).map { ("held_\($0.key)", $0.value) }
            return figures(counted).merging(apart, uniquingKeysWith: +)
        }
        let boxes = PageFigures.chips(page)
        #expect(boxes == both(\.kinds), "seed \(seed): HTML")
        for (kind, word) in [("suspend", "suspended"), ("invite", "invited"), ("resume", "resumed")] {
            if notDone == nil { continue }
            let said = Self.notDone(plan).first { $0.hasSuffix(" \(word)") }
            let box = boxes["held_\(kind)"].map { "\($0) \(word)" }
            #expect(said == box || Self.notDone(plan).isEmpty, "seed \(seed): HTML and headline")
        }
        let people = both(\.peopleOfCauses)
        let causes = PageFigures.causesOfPage(page)
        #expect(causes.heads == people, "seed \(seed): heads of HTML")
        #expect(causes.rows == people, "seed \(seed): rows of HTML")
        // What a sentence has between backticks is an element of the page.
        let headline = headline(plan, counted, held).replacingOccurrences(of: "`", with: "")
        #expect(PageFigures.words(page).contains(headline), "seed \(seed): HTML")
        #expect(PageFigures.mostlyOfPage(page) == counted.commonest?.people, "seed \(seed): why, HTML")
    }

    private func expectMarkdown(
        _ report: PlanReport, _ plan: TargetPlan, _ counted: CountedPlan, _ held: CountedPlan?, _ seed: UInt64
    ) {
        let markdown = String(decoding: PlanMarkdown.bytes(report), as: UTF8.self)
        let participles = Dictionary(uniqueKeysWithValues: ChangeKind.allCases.map { ($0.participle, $0.name) })
        #expect(PageFigures.kinds(markdown, participles) == counted.kinds, "seed \(seed): Markdown")
        #expect(PageFigures.people(markdown, below: "By person") == counted.people, "seed \(seed): Markdown")
        let open = PageFigures.people(markdown, below: "Held, by person: what the plan would be if nothing held it")
        #expect(open == held?.people ?? 0, "seed \(seed): Markdown, held")
        #expect(PageFigures.mostlyOfMarkdown(markdown) == counted.main?.people, "seed \(seed): why, Markdown")
    }

    private func expectText(
        _ report: PlanReport, _ plan: TargetPlan, _ counted: CountedPlan, _ held: CountedPlan?, _ seed: UInt64
    ) {
        let text = String(decoding: PlanText.bytes(report), as: UTF8.self)
        #expect(text.contains("\(plan.target)  \(headline(plan, counted, held))"), "seed \(seed): text")
        let mostly = PageFigures.head(text, below: "Mostly because")
        #expect(mostly.isEmpty == (counted.main == nil), "seed \(seed): why, text")
        for line in mostly {
            let cause = String(line.dropFirst("\(plan.target)  ".count))
            #expect(counted.main?.causes.contains(cause) == true, "seed \(seed): why, text")
        }
        #expect(PageFigures.causes(text) == counted.causes, "seed \(seed): causes of the text")
        #expect(PageFigures.lines(text, below: "By person").count == counted.people, "seed \(seed): people of the text")
        let open = PageFigures.lines(text, below: "Held, by person: what the plan would be if nothing held it")
        #expect(open.count == held?.people ?? 0, "seed \(seed): people held of the text")
        #expect(PageFigures.lines(text, below: "Findings").count == plan.findings.count, "seed \(seed): text")
    }

    /// What every rendering says first of a target.
    private func headline(_ plan: TargetPlan, _ counted: CountedPlan, _ held: CountedPlan?) -> String {
        if held == nil { return counted.sentence }
        let words = Self.notDone(plan)
        let notDone = words.isEmpty ? "" : ", not done: \(words.joined(separator: ", "))"
        if plan.changes.isEmpty { return "held\(notDone)" }
        return "held\(notDone)\(notDone.isEmpty ? ", " : "; ")anyway: \(counted.sentence)"
    }

    private static func notDone(_ plan: TargetPlan) -> [String] {
        let hold = plan.holds.first { hold in
            if case .target = hold.extent { !hold.wouldHave.isEmpty } else { false }
        }
        return hold?.wouldHave ?? []
    }

    /// What is said not to be done is what the open plan has and the other has not.
    private func expectHeld(_ plan: TargetPlan, _ open: TargetPlan, _ held: CountedPlan, _ seed: UInt64) {
        let words = Self.notDone(plan)
        let done = Set(plan.changes.filter { $0.kind == .suspend }.map { plan.subjects[Int($0.subject)].id })
        let kinds: [(ChangeKind, String)] = [
            (.suspend, "suspended"), (.remove, "removed"), (.changeEmail, "with another email"),
            (.changePermissions, "with other permissions"), (.resume, "resumed"), (.invite, "invited"),
            (.wait, "waiting"),
        ]
        for (kind, word) in kinds {
            let people = (held.peopleOfKind[kind] ?? []).filter {
                kind != .suspend || !done.contains(open.subjects[Int($0)].id)
            }
            let said = words.filter { $0.hasSuffix(" \(word)") }
            #expect(said == (people.isEmpty ? [] : ["\(people.count) \(word)"]), "seed \(seed): held")
        }
    }

    // MARK: The roster

    private func expectDifference(
        _ before: TargetRoster, _ after: TargetRoster, _ counted: CountedPlan, _ seed: UInt64
    ) {
        let difference = RosterDifference(from: before, to: after)
        for kind in ChangeKind.allCases where kind != .changePermissions {
            #expect(difference.count(kind) == counted.kinds[kind.name] ?? 0, "seed \(seed): \(kind) in the roster")
        }
        let edited = (counted.kinds[ChangeKind.changePermissions.name] ?? 0) - difference.count(.changePermissions)
        #expect((0...difference.withOtherAccess).contains(edited), "seed \(seed): permissions in the roster")
    }
}

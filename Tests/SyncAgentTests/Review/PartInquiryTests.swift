import AccessModel
import DirectoryModel
import MappingLanguage
import Reconciliation
import SQLiteRoster
import TestSupport
import Testing

@testable import SyncAgent

/// A question about one person, answered from what concerns this one alone: the answer is that of a look at everybody.
struct PartInquiryTests {
    @Test func partAndWholeAnswerAlike() throws {
        let company = try SmallCompany()
        company.config = "    policy: {new: activate}"
        company.topology = "{seats: 18}"
        try company.sync()
        company.sleep()
        company.members = (1...19).map { "p\($0)" }
        company.disabled = ["p4"]
        try company.sync()
        company.sleep()
        _ = try company.agent().suspend(ActRequest(person: "p7@example.org", reason: "asked"))
        // A quiet night, after which nobody was written.
        try company.sync()
        company.sleep()
        let files = try company.agent().files()
        let target = try #require(files.target(named: "desk"))
        var parts = 0
        try company.roster { roster in
            let whole = try roster.load(targets: ["desk"])
            let mirror = try roster.loadMirror()
            func input(_ users: TargetRoster, _ mirror: Mirror) -> ReconcileInput {
                ReconcileInput(
                    mirror: mirror, evaluation: .none, rules: target.ruleLabels, roster: users, now: company.now,
                    run: whole.lastRun + 1)
            }
            let everybody = try target.inquiry(input(whole.targets[0], mirror), mirror, pins: whole.pins, told: [])
            for row in mirror.people {
                let person = PersonKey(directory: "corp", id: row.id)
                var question = PartQuestion(targets: [target.settings], changes: [:], now: company.now)
                question.people = [person]
                guard case .part(let part) = try roster.part(question) else { continue }
                #expect(part.after.people.count < mirror.people.count)
                let few = try target.inquiry(
                    part: input(part.roster.targets[0], part.after), others: part.others[0], pins: part.roster.pins,
                    told: [])
                let (one, other) = (everybody.answer(about: person), few.answer(about: person))
                #expect(one.explanation == other.explanation)
                #expect(one.roster?.changes == other.roster?.changes)
                #expect(one.roster?.places == other.roster?.places)
                #expect(one.roster?.findings == other.roster?.findings)
                #expect(one.roster?.details == other.roster?.details)
                let lacks = [everybody, few].map { $0.whyNot([.role("admin")], for: person) }
                #expect(lacks[0].verdict == lacks[1].verdict && lacks[0].rules == lacks[1].rules)
                #expect(lacks[0].obstacles == lacks[1].obstacles)
                if let (place, there) = everybody.place(of: person).flatMap({ place in
                    few.place(of: person).map { (place, $0) }
                }) {
                    #expect(everybody.memberships(of: place) == few.memberships(of: there))
                }
                parts += 1
            }
        }
        #expect(parts > 10)
    }
}

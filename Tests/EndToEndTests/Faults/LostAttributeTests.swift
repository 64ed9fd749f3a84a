import Foundation
import TestSupport
import Testing

/// An attribute that rules ask for and that nobody shows any more: somebody took the right to read it, and nobody lost it.
struct LostAttributeTests {
    private static let count = 20

    /// The company where the first `titled` people have a title.
    private static func ldif(titled: Int) -> [UInt8] {
        let people = (0..<count).map { number in
            SampleCompany.person("p\(number)", number: 1_000 + number, more: number < titled ? ["title: Agent"] : [])
        }
        let members = (0..<count).map { SampleCompany.personDN("p\($0)") }
        return Array(
            (SampleCompany.frame + people.joined() + SampleCompany.group("support", number: 1, members: members)
                + SampleCompany.group("leads", number: 2, members: [SampleCompany.personDN("p0")])).utf8)
    }

    private func site(titled: Int, rule: String) throws -> Site {
        let site = try Site(
            ldif: LostAttributeTests.ldif(titled: titled),
            limits: "limits: {lose_access: {count: 100, percent: 100}, suspend_other: {count: 100, percent: 100}}")
        try site.replace("[employeeType]", with: "[employeeType, title]")
        try site.replace("{group: support}", with: rule, in: "mapping.yaml")
        return site
    }

    private static let rule = "{all: [{group: support}, {attribute: {name: title, equals: agent}}]}"

    @Test func whatHalfOfThePeopleHadIsNotBelievedToBeGone() throws {
        var site = try site(titled: 10, rule: LostAttributeTests.rule)
        let before = try site.prepare()
        try site.write(LostAttributeTests.ldif(titled: 0), to: "people.ldif")
        site.hour = 24
        for command in [["plan"], ["sync", "--yes"]] {
            let ended = try site.run(command)
            #expect(ended.status == 4, "\(ended.text)\(ended.message)")
            #expect(
                ended.message.contains(
                    "nobody shows the attribute `title`, which 10 of 20 people had in the last applied run"),
                "\(ended.message)")
            #expect(ended.message.contains("hint: "), "\(ended.message)")
        }
        #expect(try site.saved() == before)
    }

    /// A rule that says who has *not* got something would give to everybody.
    @Test func norForRulesThatAskWhoHasItNot() throws {
        var site = try site(
            titled: 20, rule: "{all: [{group: support}, {not: {attribute: {name: title, present: true}}}]}")
        _ = try site.prepare()
        try site.write(LostAttributeTests.ldif(titled: 0), to: "people.ldif")
        site.hour = 24
        #expect(try site.sync().status == 4)
    }

    @Test func whatFewHadMayGo() throws {
        var site = try site(titled: 3, rule: LostAttributeTests.rule)
        _ = try site.prepare()
        try site.write(LostAttributeTests.ldif(titled: 0), to: "people.ldif")
        site.hour = 24
        let ended = try site.sync()
        #expect(ended.status != 4, "\(ended.message)")
    }

    @Test func aRuleForItThatIsNewOrGoneIsNoLoss() throws {
        var site = try site(titled: 20, rule: "{group: support}")
        _ = try site.prepare()
        try site.write(LostAttributeTests.ldif(titled: 0), to: "people.ldif")
        try site.replace("{group: leads}", with: "{attribute: {name: title, equals: lead}}", in: "mapping.yaml")
        site.hour = 24
        #expect(try site.run(["plan"]).status != 4)
    }
}

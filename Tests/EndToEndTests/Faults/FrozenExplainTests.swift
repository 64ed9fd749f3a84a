import Foundation
import TestSupport
import Testing

/// What `explain` says of people whose group is frozen: the same as the run decides.
struct FrozenExplainTests {
    private func ldif(_ members: Range<Int>, joined: [Int] = []) -> [UInt8] {
        let people = (0..<21).map { SampleCompany.person("p\($0)", number: 1_000 + $0) }.joined()
        let support = (Array(members) + joined).map { SampleCompany.personDN("p\($0)") }
        let leads = SampleCompany.group("leads", number: 2, members: [SampleCompany.personDN("p19")])
        return Array(
            (SampleCompany.frame + people + SampleCompany.group("support", number: 1, members: support) + leads).utf8)
    }

    @Test func whoIsKeptByAFrozenGroupIsExplainedSo() throws {
        let site = try Site(ldif: ldif(0..<20))
        _ = try site.prepare()
        try site.write(ldif(0..<8, joined: [20]), to: "people.ldif")
        #expect(try site.sync().status == 3)
        let kept = try site.run(["explain", "p12@example.org"])
        #expect(kept.status == 0)
        #expect(kept.text.contains("matches  rule `Support desk`"), "\(kept.text)")
        #expect(kept.text.contains("frozen: kept as of run 2"), "\(kept.text)")
        #expect(kept.text.contains("gives role `chat-user` in `support`"), "\(kept.text)")
        let member = try site.run(["explain", "p3@example.org"])
        #expect(member.text.contains("frozen: kept as of run 2"), "\(member.text)")
        let new = try site.run(["explain", "p20@example.org", "--why-not", "chat-user"])
        #expect(new.text.contains("no match  rule `Support desk`"), "\(new.text)")
        #expect(new.text.contains("frozen: who is new in it gets nothing through it"), "\(new.text)")
        let json = try site.run(["explain", "p12@example.org", "--format", "json"])
        #expect(json.text.contains("frozen: kept as of run 2"))
    }

    @Test func whatAnEditWouldAddThroughAFrozenGroupIsExplainedSo() throws {
        let site = try Site(ldif: ldif(0..<20))
        _ = try site.prepare()
        try site.write(ldif(0..<8), to: "people.ldif")
        try site.replace("role: chat-user", with: "role: agent-manager", in: "mapping.yaml")
        #expect(try site.sync().status == 3)
        let kept = try site.run(["explain", "p12@example.org"])
        #expect(
            kept.text.contains("role `agent-manager` in `support` is not given: the group is frozen"), "\(kept.text)")
    }
}

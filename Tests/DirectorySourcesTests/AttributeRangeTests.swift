import Testing

@testable import DirectorySources

/// Values that come in parts: put together where they fit, and never otherwise.
struct AttributeRangeTests {
    @Test(arguments: [
        ("member;range=0-1499", "member", 0, 1499 as Int?), ("member;Range=1500-*", "member", 1500, nil),
        ("proxyAddresses;range=0-*", "proxyAddresses", 0, nil), ("member;range=7-7", "member", 7, 7),
    ])
    func ranges(text: String, name: String, first: Int, last: Int?) throws {
        let range = try #require(AttributeRange(text.utf8))
        #expect(range.name == name && range.first == first && range.last == last)
    }

    @Test(arguments: [
        "member", "member;binary", "member;range=", "member;range=0", "member;range=0-", "member;range=-5",
        "member;range=5-4", "member;range=*-5", "member;range=0-1-2", "member;range=0-99999999999", "member;range=a-b",
        "member;range=0x1-2", "member;range=0-1;binary", ";range", "member;ranges=0-1",
    ])
    func whatIsNoRange(text: String) { #expect(AttributeRange(text.utf8) == nil) }

    /// A server that gives `size` values at once, and what is wrong with it.
    private final class Server {
        enum Fault {
            case none, loops, skips, short, endsEarly, forgets, refusesBeyond, changesOnce, changesAlways, hidesStamp
        }
        let values: Int
        let size: Int
        let fault: Fault
        private(set) var questions: [[String]] = []
        private var stamp = 7

        init(values: Int, size: Int, _ fault: Fault = .none) {
            self.values = values
            self.size = size
            self.fault = fault
        }

        func answer(_ attributes: [String]) -> RangedEntry.Answer {
            questions.append(attributes)
            if fault == .changesAlways || fault == .changesOnce && questions.count == 3 { stamp += 1 }
            var found: [(description: String, values: [[UInt8]])] = []
            if fault != .hidesStamp { found.append(("uSNChanged", [Array("\(stamp)".utf8)])) }
            for attribute in attributes where attribute.hasPrefix("member") {
                var first = AttributeRange(attribute.utf8)?.first ?? 0
                if first >= values {
                    if fault == .refusesBeyond { return .beyondEnd }
                    continue
                }
                if first > 0 {
                    switch fault {
                    case .loops: first = 0
                    case .skips: first += 1
                    case .forgets: continue
                    default: break
                    }
                }
                let last = min(first + size, values) - 1
                let isLast = last == values - 1 || fault == .endsEarly
                if !isLast || first > 0 { found.append(("member", [])) }
                let count = fault == .short && first > 0 ? last - first : last - first + 1
                let name = size >= values ? "member" : "member;range=\(first)-\(isLast ? "*" : "\(last)")"
                found.append((name, (0..<count).map { Array("cn=\(first + $0)".utf8) }))
            }
            return .entry(EntryCopy(dn: Array("cn=g".utf8), found))
        }
    }

    private func read(_ server: Server) -> (fault: RangedEntry.Fault?, values: [String]) {
        var ranged = RangedEntry(names: ["cn", "member"], changeAttribute: "uSNChanged")
        let fault = ranged.read { (attributes) throws(Never) in server.answer(attributes) }
        var found: [String] = []
        ranged.whole.forEachAttribute { description, values in
            if description.hasPrefix("member") { found += values.map { String(decoding: $0, as: UTF8.self) } }
        }
        return (fault, found)
    }

    @Test(arguments: [1_499, 1_500, 1_501, 2_999, 3_000, 3_001, 5_000, 100_000])
    func partsBecomeAWhole(count: Int) {
        let server = Server(values: count, size: 1_500)
        let result = read(server)
        #expect(result.fault == nil)
        #expect(result.values == (0..<count).map { "cn=\($0)" })
        let parts = (count + 1_499) / 1_500
        #expect(server.questions.count == (count <= 1_500 ? 1 : parts + 1))
    }

    @Test func refusalBehindTheLastIsTheEnd() { #expect(read(Server(values: 4, size: 3, .refusesBeyond)).fault == nil) }

    @Test func changedEntryIsReadAgain() {
        let server = Server(values: 10, size: 3, .changesOnce)
        let result = read(server)
        #expect(result.fault == nil)
        #expect(result.values == (0..<10).map { "cn=\($0)" })
        #expect(server.questions.count == 3 + 5)
    }

    @Test(arguments: [
        (Server.Fault.loops, RangedEntry.Fault.broken(attribute: "member", after: 3)),
        (.skips, .broken(attribute: "member", after: 3)), (.short, .broken(attribute: "member", after: 3)),
        (.forgets, .broken(attribute: "member", after: 3)), (.endsEarly, .endedEarly(attribute: "member", after: 3)),
        (.changesAlways, .changing), (.hidesStamp, .changing),
    ])
    private func whatDoesNotFitIsNoWhole(fault: Server.Fault, expected: RangedEntry.Fault) {
        #expect(read(Server(values: 10, size: 3, fault)).fault == expected)
    }

    @Test func entryThatGoesAwayIsNoWhole() {
        var ranged = RangedEntry(names: ["member"], changeAttribute: "uSNChanged")
        #expect(ranged.read { (_) throws(Never) in .none } == .gone)
    }
}

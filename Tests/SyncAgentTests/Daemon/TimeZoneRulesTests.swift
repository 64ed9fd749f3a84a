import Foundation
import TestSupport
import Testing

@testable import SyncAgent

/// Files of the time zone database, whole and broken.
struct TimeZoneRulesTests {
    /// The machine's own reading of the same files is the witness.
    @Test(arguments: [
        "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "America/Havana", "Europe/Dublin",
        "Pacific/Apia", "Asia/Kathmandu", "America/St_Johns", "Pacific/Chatham",
    ])
    func offsetsAreThoseOfTheSystem(_ name: String) throws {
        let rules = try TimeZoneFile.rules(name)
        let system = try #require(TimeZone(identifier: name))
        var random = SeededNumbers(seed: 3)
        for _ in 0..<2_000 {
            let time = Int64.random(in: 800_000_000...2_100_000_000, using: &random)
            let expected = system.secondsFromGMT(for: Date(timeIntervalSince1970: Double(time)))
            #expect(rules.offset(at: time) == Int64(expected), "\(name) at \(time)")
        }
    }

    /// A local time means a moment that shows it, but for gaps.
    @Test(arguments: ["Europe/Berlin", "Australia/Lord_Howe", "Pacific/Apia", "America/Sao_Paulo"])
    func instantsShowTheirLocalTime(_ name: String) throws {
        let rules = try TimeZoneFile.rules(name)
        var random = SeededNumbers(seed: 5)
        for _ in 0..<2_000 {
            let time = Int64.random(in: 1_200_000_000...2_000_000_000, using: &random)
            let local = time + rules.offset(at: time)
            #expect(rules.instants(of: local).contains(time), "\(name) at \(time)")
        }
    }

    @Test func zonesThatTheMachineDoesNotKnowAreToldByName() {
        for name in ["Europe/Berln", "../etc/passwd", "/etc/passwd", ""] {
            let failure = #expect(throws: AgentFailure.self) { try TimeZoneFile.rules(name) }
            #expect(failure?.status == .badConfiguration)
            #expect(failure?.message.contains("`\(name)`") == true)
        }
    }

    @Test(arguments: ["EST5EDT", "EST5EDT,M3.2.0", "5", "EST", "EST5EDT,M13.2.0,M11.1.0", "EST5EDT,M3.2.0,M11.1.0,x"])
    func wrongRulesAreNone(_ rule: String) { #expect(TimeZoneRules(file: ZoneBytes.file(rule)) == nil) }

    /// No byte of a file that is cut or changed may lead anywhere but to no rules, or to some.
    @Test func damagedFilesAreNone() throws {
        let whole = try InputFile.bytes("/usr/share/zoneinfo/Europe/Berlin")
        #expect(TimeZoneRules(file: whole) != nil)
        for length in 0..<whole.count { #expect(TimeZoneRules(file: Array(whole.prefix(length))) == nil, "\(length)") }
        var random = SeededNumbers(seed: 11)
        for _ in 0..<2_000 {
            var bytes = whole
            bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            guard let rules = TimeZoneRules(file: bytes) else { continue }
            _ = rules.offset(at: Int64.random(in: -4_000_000_000...8_000_000_000, using: &random))
        }
    }

    /// Rules go on where the history of a file ends.
    @Test func farYearsFollowTheRule() throws {
        let rules = try TimeZoneFile.rules("Europe/Berlin")
        #expect(rules.offset(at: ZoneBytes.time("2090-07-01T12:00Z")) == 7200)
        #expect(rules.offset(at: ZoneBytes.time("2090-12-01T12:00Z")) == 3600)
    }
}

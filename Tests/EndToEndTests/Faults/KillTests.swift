import Foundation
import Glibc
import TestSupport
import Testing

/// Runs against a real server, ended by SIGKILL in every phase: the roster is what it was before, or what it would be after.
@Suite(.serialized)
struct KillTests {
    /// What the program calls a phase, and the name under which its kills are counted.
    private static let phases = [
        "connecting", "people", "groups", "confirming", "evaluating", "reconciling", "applying", "committing",
        "reporting",
    ]
    private static let people = 400

    /// One of the two nights on which runs are killed, with how it goes when nobody disturbs it.
    private struct Night {
        var before: SavedState?
        var after: SavedState
        /// After a further run that finds nothing to do.
        var quiet: SavedState
        /// When each phase begins, and when the run ends, in microseconds.
        var starts: [(phase: String, at: Int)]

        /// How long a phase takes.
        func length(of phase: String) -> Int {
            guard let first = starts.firstIndex(where: { $0.phase == phase }) else { return 0 }
            let next = starts[first...].first { $0.phase != phase }
            return max(0, (next?.at ?? starts[first].at) - starts[first].at)
        }
    }

    @Test func killedRunIsAllOrNothing() throws {
        let first = try SlapdFixture(ldif: Company.firstNight(KillTests.people))
        var site = try Site(server: try KillTests.source(first))
        let firstNight = try KillTests.night(&site, from: nil)
        let second = try SlapdFixture(ldif: Company.secondNight(KillTests.people))
        try site.ask(second, instead: first)
        site.hour = 24
        let secondNight = try KillTests.night(&site, from: firstNight.after)
        #expect(firstNight.after != secondNight.after)

        let wanted = Figures.of(5, soak: 30)
        let seed = UInt64.random(in: 0 ... .max)
        var numbers = SeededNumbers(seed: seed)
        var kills: [String: Int] = [:]
        var attempts = 0
        for phase in KillTests.phases {
            let most = attempts + 10 * wanted
            while kills[phase, default: 0] < wanted, attempts < most {
                attempts += 1
                // On the first night nobody can be missing.
                let isFirst = phase != "confirming" && attempts % 4 == 0
                let night = isFirst ? firstNight : secondNight
                site.hour = isFirst ? 0 : 24
                try site.ask(isFirst ? first : second, instead: isFirst ? second : first)
                let length = night.length(of: phase)
                let delay = UInt32(Int.random(in: 0...max(1, length * 9 / 10), using: &numbers))
                if let killed = try KillTests.kill(site, night, phase, after: delay, seed: seed) {
                    kills[killed, default: 0] += 1
                }
            }
        }
        for phase in KillTests.phases {
            #expect(kills[phase, default: 0] >= wanted, "too few kills in \(phase), seed \(seed)")
        }
        let counts = KillTests.phases.map { "\($0) \(kills[$0, default: 0])" }.joined(separator: ", ")
        Figures.note("kills of a run against slapd, by phase: \(counts); every roster before or after")
    }

    private static func source(_ slapd: SlapdFixture) throws -> String {
        Site.encrypted(slapd.tlsURL, authority: try TestCertificates.shared.get().authorityFile)
    }

    /// Plays a night undisturbed.
    private static func night(_ site: inout Site, from before: SavedState?) throws -> Night {
        try site.restore(before)
        let ended = try site.run(["sync", "--yes", "--verbose"])
        guard ended.status == 0 else { throw Command.Failure(description: ended.message) }
        let after = try site.saved()
        let quiet = try site.prepare()
        #expect(try site.run(["plan", "--detailed-exitcode"]).status == 0)
        #expect(before == nil || before?.meaning != after.meaning)
        return Night(before: before, after: after, quiet: quiet, starts: starts(ended.message))
    }

    /// Reads `phase=people directory=corp entries=0 after=0.153s`.
    private static func starts(_ text: String) -> [(phase: String, at: Int)] {
        text.split(separator: "\n").compactMap { line in
            guard let phase = phase(of: line), let mark = line.range(of: "after=") else { return nil }
            guard let seconds = Double(line[mark.upperBound...].dropLast()) else { return nil }
            return (phase, Int(seconds * 1_000_000))
        }
    }

    private static func phase(of line: Substring) -> String? {
        guard line.hasPrefix("phase=") else { return nil }
        return String(line.dropFirst(6).prefix { $0 != " " })
    }

    /// Kills a run and looks at what it left and at what the next one makes of it; the phase it was in, nil when it was over.
    private static func kill(
        _ site: Site, _ night: Night, _ phase: String, after delay: UInt32, seed: UInt64
    ) throws -> String? {
        try site.restore(night.before)
        let child = try site.start(["sync", "--yes", "--verbose"])
        guard child.says("phase=\(phase) ") else {
            Issue.record("no phase \(phase): \(try child.end().message)")
            return nil
        }
        child.kill(after: delay)
        let ended = try child.end()
        let told: Comment = "killed \(delay) µs after the start of \(phase), seed \(seed)"
        let left = try site.saved()
        let isBefore = left.meaning == night.before?.meaning ?? ""
        let isAfter = left == night.after
        #expect(isBefore || isAfter, told)
        #expect(ended.status != 0 || isAfter, told)
        // Looking works before the next run has tidied up.
        if !left.meaning.isEmpty { #expect(try site.run(["users"]).status == 0, told) }

        let next = try site.sync()
        #expect(next.status == 0, "\(told): \(next.message)")
        #expect(try site.saved() == (isAfter ? night.quiet : night.after), told)
        #expect(try site.run(["plan", "--detailed-exitcode"]).status == 0, told)
        #expect(try site.litter() == [], told)
        guard ended.signal == SIGKILL else { return nil }
        return ended.message.split(separator: "\n").last { $0.hasPrefix("phase=") }.flatMap(KillTests.phase)
    }
}

extension Site {
    /// Makes the server of one night that of the other.
    fileprivate func ask(_ server: SlapdFixture, instead other: SlapdFixture) throws {
        let text = try String(contentsOfFile: folder.path("rollcall.yaml"), encoding: .utf8)
        try folder.write(text.replacingOccurrences(of: other.tlsURL, with: server.tlsURL), to: "rollcall.yaml")
    }
}

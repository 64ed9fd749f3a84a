import Foundation
import Glibc
import TestSupport
import Testing

/// Commands ended by a signal at any moment: the roster is what it was before, or what it would be after.
@Suite(.serialized)
struct KillTests {
    /// What the program calls a phase, and the name under which its kills are counted; the receiver of messages tells the last.
    private static let phases = [
        "connecting", "people", "groups", "confirming", "evaluating", "reconciling", "applying", "committing",
        "reporting", "delivering",
    ]
    private static let people = Figures.of(100, soak: 400)

    /// One of the two nights on which runs are killed.
    private struct Night {
        var act: Undisturbed
        /// When each phase begins, and when the run ends, in microseconds.
        var starts: [(phase: String, at: Int)]

        init(_ site: Site, from before: SavedState?) throws {
            act = try Undisturbed(site, ["sync", "--yes", "--verbose"], from: before)
            starts = act.message.split(separator: "\n").compactMap { line in
                guard let phase = KillTests.phase(of: line), let mark = line.range(of: "after=") else { return nil }
                guard let seconds = Double(line[mark.upperBound...].dropLast()) else { return nil }
                return (phase, Int(seconds * 1_000_000))
            }
        }

        /// How long a phase takes.
        func length(of phase: String) -> Int {
            guard let first = starts.firstIndex(where: { $0.phase == phase }) else { return 10_000 }
            let next = starts[first...].first { $0.phase != phase }
            return max(0, (next?.at ?? starts[first].at) - starts[first].at)
        }
    }

    @Test func killedRunIsAllOrNothing() throws {
        let first = try SlapdFixture(ldif: Company.firstNight(KillTests.people))
        var site = try Site(
            server: Site.encrypted(first.tlsURL, authority: try TestCertificates.shared.get().authorityFile))
        try site.tellProgram()
        let firstNight = try Night(site, from: nil)
        let second = try SlapdFixture(ldif: Company.secondNight(KillTests.people))
        try site.ask(second, instead: first)
        site.hour = 24
        let secondNight = try Night(site, from: firstNight.act.after)
        #expect(firstNight.act.after != secondNight.act.after)

        let wanted = Figures.of(2, soak: 100)
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
                try site.ask(isFirst ? first : second, instead: isFirst ? second : first)
                let length = night.length(of: phase)
                let delay = UInt32(Int.random(in: 0...max(1, length * 9 / 10), using: &numbers))
                if let killed = try KillTests.kill(night.act, phase, after: delay, seed: seed) {
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

    private static func phase(of line: Substring) -> String? {
        guard line.hasPrefix("phase=") else { return nil }
        return String(line.dropFirst(6).prefix { $0 != " " })
    }

    /// Kills a run and looks at what it left and at what the next one makes of it; the phase it was in, nil when it was over.
    private static func kill(
        _ act: Undisturbed, _ phase: String, after delay: UInt32, seed: UInt64
    ) throws -> String? {
        try act.reset()
        let child = try act.site.start(act.command)
        guard child.says("phase=\(phase) ") else {
            Issue.record("no phase \(phase): \(try child.end().message)")
            return nil
        }
        child.kill(after: delay)
        let ended = try child.end()
        _ = try act.check(ended, "killed \(delay) µs after the start of \(phase), seed \(seed)")
        guard ended.signal == SIGKILL else { return nil }
        return ended.message.split(separator: "\n").last { $0.hasPrefix("phase=") }.flatMap(KillTests.phase)
    }

    /// K3: a run, at any moment, by any signal that may come; two hundred of each in a soak.
    @Test func runEndedByASignalAtAnyMoment() throws {
        try end(.sync, rounds: Figures.of(6, soak: 1_200))
    }

    /// K6: every other command that writes.
    @Test(arguments: Act.allCases.filter { $0 != .sync }) func endedByASignalAtAnyMoment(_ act: Act) throws {
        try end(act, rounds: Figures.of(6, soak: 600))
    }

    private func end(_ act: Act, rounds: Int) throws {
        let undisturbed = try act.undisturbed(people: 40)
        let signals = [SIGKILL, SIGTERM, SIGINT, SIGHUP, SIGPIPE, SIGXFSZ]
        let seed = UInt64.random(in: 0 ... .max)
        var numbers = SeededNumbers(seed: seed)
        var ends = 0
        for round in 0..<rounds {
            let signal = signals[round % signals.count]
            let delay = UInt32(Int.random(in: 0...undisturbed.length, using: &numbers))
            try undisturbed.reset()
            let child = try undisturbed.site.start(undisturbed.command)
            child.kill(after: delay, by: signal)
            let ended = try child.end()
            _ = try undisturbed.check(ended, "\(act), signal \(signal) after \(delay) µs, seed \(seed)")
            if ended.status != 0 { ends += 1 }
        }
        #expect(ends > 0)
        Figures.note("\(act) ended by a signal at a random moment: \(ends)")
    }
}

extension Site {
    /// Makes the server of one night that of the other.
    fileprivate func ask(_ server: SlapdFixture, instead other: SlapdFixture) throws {
        let text = try String(contentsOfFile: folder.path("rollcall.yaml"), encoding: .utf8)
        try folder.write(text.replacingOccurrences(of: other.tlsURL, with: server.tlsURL), to: "rollcall.yaml")
    }
}

import DirectoryModel
import DirectorySources
import LDAPClient
import TestSupport
import Testing

/// A bit of what the server sends is another: in clear nothing crashes nor hangs and no entry is lost, and under TLS nothing of it gets through.
///
/// In clear a letter of a value can be another and nobody can tell; so nothing is read in clear but from this machine.
struct FlippedBitTests {
    private static let timeouts = Timeouts(connect: .seconds(1), idle: .milliseconds(400), pull: .seconds(3))

    /// How many pulls ended how.
    private struct Tally: Sendable {
        var whole = 0
        var failed = 0
        /// Pulls that were taken for complete and have another number of entries.
        var other: [String] = []
        var slow: [String] = []
    }

    private enum Ended: Sendable { case whole, other(String), failed }

    /// People and groups of the bench.
    private static let entries = FaultBench.people + 7

    private func flip(_ bits: [Int], _ mode: TLSSettings.Mode) throws -> Tally {
        let ended = try Waiting.map(bits, width: 8) { bit -> (Ended, Double) in
            let proxy = try FaultBench.proxy(.flip(bit: bit % 8, at: bit / 8), mode)
            let source = try FaultBench.source(proxy, timeouts: FlippedBitTests.timeouts, mode)
            let start = ContinuousClock.now
            let outcome = source.pull(PullRequest(), progress: { _ in })
            let seconds = (ContinuousClock.now - start) / .seconds(1)
            source.close()
            guard case .complete(let pull) = outcome else { return (.failed, seconds) }
            // Whoever's name or id cannot be read any more is set aside, and told: frozen, and not gone.
            let counts = (pull.mirror.people.count, pull.mirror.groups.count, pull.setAside.count)
            if counts.0 + counts.1 + counts.2 == FlippedBitTests.entries { return (.whole, seconds) }
            return (.other("\(counts)"), seconds)
        }
        var tally = Tally()
        for (bit, (ended, seconds)) in zip(bits, ended) {
            switch ended {
            case .whole: tally.whole += 1
            case .other(let counts): tally.other.append("bit \(bit): \(counts)")
            case .failed: tally.failed += 1
            }
            if seconds > 3 + 4 { tally.slow.append("bit \(bit): \(seconds) s") }
        }
        return tally
    }

    private func bits(_ mode: TLSSettings.Mode, quick: Int) throws -> [Int] {
        let measure = try FaultBench.proxy(.none, mode)
        _ = try FaultBench.source(measure, mode).completePull()
        let all = measure.bytesFromServer * 8
        // An odd step meets every bit of a byte.
        return Array(stride(from: 0, to: all, by: Figures.of(max(1, all / quick | 1), soak: 1)))
    }

    @Test func flippedBitInClearNeitherCrashesNorHangs() throws {
        let all = try bits(.none, quick: 150)
        let tally = try flip(all, .none)
        #expect(tally.slow == [])
        #expect(tally.failed > all.count / 10)
        // Numbers, lengths and tags are noticed; a letter of a name is a name. Nobody goes without being set aside.
        #expect(tally.other == [])
        Figures.note("flipped bits in clear: \(all.count); failed \(tally.failed), whole \(tally.whole)")
    }

    @Test func flippedBitUnderTLSIsNeverRead() throws {
        let all = try bits(.ldaps, quick: 100)
        let tally = try flip(all, .ldaps)
        #expect(tally.slow == [])
        #expect(tally.other == [])
        // Only the version in the head of a record, which says nothing, may be another.
        #expect(tally.whole <= all.count / 20, "\(tally.whole) of \(all.count)")
        Figures.note("flipped bits under TLS: \(all.count); failed \(tally.failed), whole \(tally.whole)")
    }
}

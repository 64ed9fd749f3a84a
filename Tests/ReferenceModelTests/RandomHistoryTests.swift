import TestSupport
import Testing

/// The engine against the reference model, on random histories of small worlds.
struct RandomHistoryTests {
    @Test func engineAndModelAgree() {
        let count = Figures.of(2_000, soak: 100_000)
        var coverage = Coverage()
        var failures = 0
        for seed in 0..<UInt64(count) {
            var generator = HistoryGenerator(seed: seed)
            let history = generator.history()
            let run = HistoryRun(history)
            coverage.add(run.coverage)
            guard !run.differences.isEmpty else { continue }
            failures += 1
            if failures > 8 { continue }
            let small = Shrinker(history).history
            let differences = HistoryRun(small).differences.joined(separator: "\n")
            Issue.record("seed \(seed)\n\(small)\n\(differences)")
        }
        #expect(failures == 0)
        #expect(coverage.missing == [])
        Figures.note("reference model: \(count) histories, \(failures) differ; \(coverage.text)")
    }
}

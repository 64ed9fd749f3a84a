import TestSupport
import Testing

/// The engine against the reference model, on random histories of small worlds.
///
/// `ROLLCALL_SEEDS=2000..<12000` chooses other histories than the first 2,000.
struct RandomHistoryTests {
    @Test func engineAndModelAgree() {
        let seeds = Figures.seeds(Figures.of(2_000, soak: 100_000))
        var coverage = Coverage()
        var failures = 0
        for seed in seeds {
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
        if seeds.count >= 2_000 { #expect(coverage.missing == []) }
        Figures.note("reference model: \(seeds) histories, \(failures) differ; \(coverage.text)")
    }

    /// Histories that engine and model once told differently: a covering role taken back from somebody with another one by hand,
    /// a place in line of somebody disabled, where that is only reported, while a group is frozen; an assistant beside a role that is taken
    /// back; and access that nobody had any more when a template was edited, given back afterwards.
    @Test(arguments: [11_995, 12_064, 21_500, 30_095, 67_308, 69_840, 76_836, 86_958]) func engineAndModelAgreeAgain(
        _ seed: UInt64
    ) {
        var generator = HistoryGenerator(seed: seed)
        #expect(HistoryRun(generator.history()).differences == [])
    }
}

import Glibc

/// How much tests do, and what they did: `scripts/soak` asks for the full figures and prints them at its end.
package enum Figures {
    package static let isSoak = getenv("ROLLCALL_SOAK") != nil

    /// The quick figure, or the full one in a soak.
    package static func of(_ quick: Int, soak: Int) -> Int { isSoak ? soak : quick }

    /// Cases of a property: so many worlds, each of its own seed.
    package static let cases = of(1_000, soak: 10_000)

    /// Seeds of the cases of a property.
    package static var caseSeeds: Range<UInt64> { seeds(cases) }

    /// Whether nobody chose the seeds: only then must each thing that a property is about have come up often enough.
    package static let hasAllSeeds = getenv("ROLLCALL_SEEDS") == nil

    /// Seeds of random histories: so many from 0 on, or those of the environment, as in `ROLLCALL_SEEDS=2000..<12000`.
    ///
    /// Seeds that nobody tried yet find what the usual ones do not; a single seed repeats one failure.
    package static func seeds(_ count: Int) -> Range<UInt64> {
        guard let asked = getenv("ROLLCALL_SEEDS").map({ String(cString: $0) }) else { return 0..<UInt64(count) }
        return range(asked) ?? 0..<UInt64(count)
    }

    /// `2000..<12000`, or one number.
    static func range(_ text: String) -> Range<UInt64>? {
        if let only = UInt64(text), only < UInt64.max { return only..<only + 1 }
        let bounds = text.split(separator: "..<", maxSplits: 1).compactMap { UInt64($0) }
        guard bounds.count == 2, bounds[0] < bounds[1] else { return nil }
        return bounds[0]..<bounds[1]
    }

    /// Leaves a line for the summary.
    package static func note(_ text: String) {
        let line = Array("figure: \(text)\n".utf8)
        _ = write(STDOUT_FILENO, line, line.count)
    }
}

package import Reconciliation

/// What one night came to, to be drawn beside others.
package struct NightFigures: Sendable, Equatable {
    package var run: Int64
    /// Seconds since 1970.
    package var started: Int64
    /// Seconds.
    package var duration: Int64
    /// Changes written, of all targets together.
    package var changes: Int
    /// People whom the directories had; nil where nobody counted them.
    package var people: Int?
    /// Seats held after the night, of all pools together; nil where nobody counted them.
    package var seats: Int?
    package var outcome: RunRecord.Outcome

    /// How many nights reports look back.
    package static let shown = 30

    package init(_ record: RunRecord) {
        run = record.number
        started = record.started
        duration = max(0, record.ended - record.started)
        outcome = record.outcome
        var changes = 0
        for target in record.targets {
            for kind in ChangeKind.allCases { changes += target.counts[kind.name] ?? 0 }
        }
        self.changes = changes
        people = record.targets.filter { !$0.isPart }.compactMap { $0.counts[TargetRunRecord.peopleRead] }.max()
        let seats = record.targets.compactMap { $0.counts[TargetRunRecord.seatsHeld] }
        self.seats = seats.isEmpty ? nil : seats.reduce(0, +)
    }

    /// The newest nights of these records, which come the newest first; acts by hand and what the daemon did between left out.
    package static func nights(of records: [RunRecord]) -> [NightFigures] {
        records.filter(\.isRegular).prefix(shown).reversed()
            .map { NightFigures($0) }
    }
}

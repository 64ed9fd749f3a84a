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

    /// `seats` are those that targets hold after the run, as far as anything is known of them.
    private init(_ record: RunRecord, seats: [Int]) {
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
        self.seats = seats.isEmpty ? nil : seats.reduce(0, +)
    }

    /// The newest nights of these records, which come the newest first; what only read changes, acts by hand and what the daemon did
    /// between are left out.
    ///
    /// A target that a night did not write holds the seats that it held before, unless no later night knows it.
    package static func nights(of records: [RunRecord]) -> [NightFigures] {
        let nights = records.filter { RunRecord.nightly.contains($0.command) }.prefix(shown).reversed()
        var last: [String: Int] = [:]
        for (place, night) in nights.enumerated() {
            for target in night.targets { last[target.target] = place }
        }
        var seats: [String: Int] = [:]
        return nights.enumerated().map { place, night in
            for target in night.targets {
                if let held = target.counts[TargetRunRecord.seatsHeld] { seats[target.target] = held }
            }
            return NightFigures(night, seats: seats.filter { last[$0.key] ?? 0 >= place }.map(\.value))
        }
    }
}

import Diagnostics
import Reconciliation

/// How directories were read of which only the changes were wanted.
struct PlanReadings {
    let readings: [DirectoryReading]
    var scope: DecisionScope?

    func write(to page: inout TextPage) {
        if readings.isEmpty { return }
        page.blank()
        for line in lines { page.line(Span(line, .plain)) }
    }

    /// How each was read, and about whom was decided.
    var lines: [String] {
        if readings.isEmpty { return [] }
        return readings.map(PlanReadings.text) + (scope.map { [PlanReadings.text($0)] } ?? [])
    }

    private static func text(_ scope: DecisionScope) -> String {
        switch scope {
        case .people(let count):
            "decided about \(Counted.text(count, "person", plural: "people")), whom it can affect"
        case .everybody(let reason): "decided about everybody, because \(reason)"
        }
    }

    private static func text(_ reading: DirectoryReading) -> String {
        switch reading.way {
        case .changes(let people, let groups):
            let counts = "\(Counted.text(people, "person", plural: "people")) and \(Counted.text(groups, "group"))"
            return "read of \(reading.directory): what changed, \(counts)"
        case .whole(let doubt): return "read of \(reading.directory): everything, because \(doubt)"
        }
    }
}

extension JSONWriter {
    /// How directories were read, where only changes were wanted.
    mutating func readings(_ readings: [DirectoryReading]) {
        if readings.isEmpty { return }
        key("readings")
        beginArray()
        for reading in readings {
            beginObject()
            field("directory", reading.directory)
            switch reading.way {
            case .changes(let people, let groups):
                field("way", "changes")
                field("people", people)
                field("groups", groups)
            case .whole(let doubt):
                field("way", "whole")
                field("doubt", doubt)
            }
            endObject()
        }
        endArray()
    }

    /// About whom was decided, where only changes were wanted.
    mutating func scope(_ scope: DecisionScope?) {
        switch scope {
        case .people(let count): field("people_looked_at", count)
        case .everybody(let reason): field("everybody_because", reason)
        case nil: break
        }
    }
}

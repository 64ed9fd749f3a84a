import AccessModel
import ArgumentParser
import Reconciliation
import Reports
import SQLiteRoster

/// `rollcall seats`: what is held, what is free, who waits.
struct Seats: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List seat pools: limit, held, free, waiting.")

    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var output: ListOptions

    @Option(help: "Only pools of this target.")
    var target: String?

    @Flag(help: "List who stands in the line, in order, instead of the pools.")
    var waiting = false

    func run() throws {
        let view = try RosterView(configuration)
        try view.check(target: target)
        if waiting { return try line(view) }
        try output.write(
            .seats, nothing: "no target has limited seats", rows: try view.roster.seats(target: target).map(\.cells))
    }

    private func line(_ view: RosterView) throws {
        try output.write(.waiting, nothing: "nobody waits") { writer, sink in
            for name in try target.map({ [$0] }) ?? view.roster.targets() {
                for person in try view.roster.waiting(target: name) { try writer.row(person.cells, to: sink) }
            }
        }
    }
}

extension SeatState {
    fileprivate var cells: [Cell] {
        [
            .text(target), .text("\(row.pool.scope)"), .text(row.pool.seatClass), .number(row.pool.limit),
            .number(row.heldAfter), .number(max(0, row.pool.limit - row.heldAfter)), .number(row.waiting),
            .optional(row.oldestWaiting), .optional(row.pool.price),
        ]
    }
}

extension WaitingPerson {
    fileprivate var cells: [Cell] {
        [
            .text(target), .text(email), .text("\(place.scope)"), .text(place.role), .time(place.since),
            .number(place.seatPriority), .text(place.forPace ? "pace" : "seat"), .text(place.person.directory),
            .text("\(place.person.id)"),
        ]
    }
}

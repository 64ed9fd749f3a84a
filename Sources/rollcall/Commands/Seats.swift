import AccessModel
import ArgumentParser
import Reconciliation
import Reports
import SQLiteRoster
import SyncAgent

/// `rollcall seats`: what is held, what is free, who waits; how it came about, and what other limits would change.
struct Seats: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List seat pools: limit, held, free, waiting; or what other limits would change.",
        discussion: """
              rollcall seats                                every pool
              rollcall seats acme-desk --waiting            who stands in the line
              rollcall seats --what-if support=45,sales=10  who would move
            """)

    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var output: ListOptions

    @Argument(help: "Only pools of this target.")
    var name: String?

    @Option(help: "Only pools of this target.")
    var target: String?

    @Flag(help: "List who stands in the line, in order, instead of the pools.")
    var waiting = false

    @Flag(help: "List the runs that moved seats, the newest first.")
    var history = false

    @Option(help: ArgumentHelp("Show who would move with other limits: support=45,sales=10.", valueName: "pool=limit"))
    var whatIf: String?

    @Option(
        help: ArgumentHelp(
            "Show who would move if the members of one group were in a mapped one as well.",
            valueName: "group=mapped"))
    var whatIfGroup: [String] = []

    @Option(help: ArgumentHelp("Show who would move if nothing changed until this day.", valueName: "day"))
    var on: String?

    private var chosen: String? { target ?? name }

    func validate() throws {
        if name != nil, target != nil { throw ValidationError("name the target once") }
        let isAsking = whatIf != nil || !whatIfGroup.isEmpty || on != nil
        if [waiting, history, isAsking].count(where: { $0 }) > 1 {
            throw ValidationError("`--waiting`, `--history` and `--what-if` are different questions")
        }
        if let whatIf, whatIf.utf8.allSatisfy({ $0 == UInt8(ascii: ",") || $0 == 0x20 }) {
            throw ValidationError("`--what-if` names no limit: write it like `--what-if support=45`")
        }
        if isAsking, output.format == .csv { throw ValidationError("`--what-if` answers as text or json") }
    }

    func run() throws {
        let view = try RosterView(configuration)
        try view.check(target: chosen)
        if waiting { return try line(view) }
        if history { return try moves(view) }
        if whatIf != nil || !whatIfGroup.isEmpty || on != nil { return try ask(view) }
        try output.write(.seats, nothing: try nothing(view), rows: try view.roster.seats(target: chosen).map(\.cells))
    }

    /// Seats are counted by runs that write: of a target that is only observed nothing is known here.
    private func nothing(_ view: RosterView) throws -> String {
        let applied = try view.roster.targets()
        let targets = try view.composition.agent.configuration().targets.filter { chosen == nil || $0.name == chosen }
        let observed = targets.filter { $0.mode == .observe && !applied.contains($0.name) }.map { "`\($0.name)`" }
        guard observed.isEmpty else {
            let names = observed.joined(separator: ", ")
            return "no run has counted seats of \(names) yet, only observed: `rollcall plan` shows them"
        }
        return chosen.map { "`\($0)` has no limited seats" } ?? "no target has limited seats"
    }

    private func ask(_ view: RosterView) throws {
        var assumptions = SeatInquiry.Assumptions()
        assumptions.limits = (whatIf ?? "").utf8.split(separator: UInt8(ascii: ",")).map { String(Substring($0)) }
        assumptions.groups = whatIfGroup
        assumptions.day = on
        let report = WhatIfReport(try SeatInquiry(view, target: chosen).answer(assumptions))
        try Output.data(output.format == .json ? report.json() : report.text(style: output.style))
    }

    private func moves(_ view: RosterView) throws {
        let moves = try view.roster.seatHistory(target: chosen)
        try output.write(.seatHistory, nothing: "no run moved a seat", rows: moves.map(\.cells))
    }

    private func line(_ view: RosterView) throws {
        try output.write(.waiting, nothing: "nobody waits") { writer, sink in
            for name in try chosen.map({ [$0] }) ?? view.roster.targets() {
                for person in try view.roster.waiting(target: name) { try writer.row(person.cells, to: sink) }
            }
        }
    }
}

extension SeatMove {
    fileprivate var cells: [Cell] {
        [
            .time(time), .number(Int(run)), .text(target), .text(scope), .text(seatClass), .number(limit),
            .number(freed), .number(given), .number(held), .number(waiting),
        ]
    }
}

extension SeatState {
    fileprivate var cells: [Cell] {
        [
            .text(target), .text("\(row.pool.scope)"), .text(row.pool.seatClass), .number(row.pool.limit),
            .number(row.heldAfter), .number(max(0, row.pool.limit - row.heldAfter)), .number(row.waiting),
            .number(waitingForPace), .optional(row.oldestWaiting), .optional(row.pool.price), .number(row.onLeave),
            .number(row.reclaimable),
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

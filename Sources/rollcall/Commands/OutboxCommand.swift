import ArgumentParser
import Reconciliation
import Reports
import SyncAgent

/// `rollcall outbox`: what waits to be delivered.
struct OutboxCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "outbox",
        abstract: "List messages that wait to be delivered, dead letters first of all to look at.",
        discussion: """
              rollcall outbox          what waits, and what went wrong
              rollcall outbox --retry  send everything that failed again
              rollcall outbox --drop 12 --reason 'done by hand'
            """)

    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var output: ListOptions

    @Flag(help: "Let everything that failed be sent again at once, dead letters too.")
    var retry = false

    @Option(
        help: ArgumentHelp("Take one message out undelivered.", valueName: "number"),
        transform: GivenValue.number("the number of a message, as `rollcall outbox` lists it", like: 4))
    var drop: Int?

    @Option(help: "Why it is dropped. It is kept with the runs.")
    var reason: String?

    func validate() throws {
        guard drop == nil || reason != nil else { throw ValidationError("`--drop` needs a `--reason`") }
        guard drop == nil || !retry else { throw ValidationError("`--drop` and `--retry` exclude each other") }
    }

    func run() throws {
        let agent = Composition(configuration).agent
        if let drop {
            let message = try agent.dropMessage(Int64(drop), reason: reason ?? "")
            return try say("message \(drop) for \(message.label) is dropped")
        }
        if retry {
            let count = try agent.retryOutbox(nil)
            return try say("\(Counted.text(count, "message")) will be sent again; `rollcall deliver` does it now")
        }
        try output.write(.outbox, nothing: "nothing waits to be delivered", rows: try agent.outbox().map(\.cells))
    }

    private func say(_ sentence: String) throws {
        var page = TextPage(style: output.style)
        page.line("\(sentence)")
        try Output.data(page.bytes)
    }
}

extension OutboxMessage {
    fileprivate var cells: [Cell] {
        [
            .number(Int(number)), .text(target), .text(label), .number(Int(run)), .time(queued), .number(attempts),
            .text(isDead ? "given up" : "waiting"), .optional(attempts > 0 && !isDead ? nextTry : nil), .text(problem),
            .text(key),
        ]
    }
}

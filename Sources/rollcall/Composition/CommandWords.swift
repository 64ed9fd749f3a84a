import ArgumentParser
import Diagnostics
import SyncAgent

/// The words of a command line that name commands: `audit verify`.
struct CommandWords {
    /// The command that they name, as far as they do.
    private(set) var command: any ParsableCommand.Type = Rollcall.self
    /// As one types it: `rollcall audit verify`.
    private(set) var called = "rollcall"
    /// The first word in the place of a command that names none.
    private(set) var unknown: String?

    /// `arguments` are without the name of the program.
    init(_ arguments: some Sequence<String>) {
        for (place, word) in arguments.enumerated() {
            let children = command.configuration.subcommands
            if children.isEmpty || word.utf8.first == UInt8(ascii: "-") { return }
            if place == 0, word == "help" { continue }
            guard let child = children.first(where: { $0._commandName == word }) else {
                unknown = word
                return
            }
            command = child
            called += " \(word)"
        }
    }

    /// Throws where a command is named that there is not.
    func check() throws(AgentFailure) {
        guard let unknown else { return }
        let names = command.configuration.subcommands.map { $0._commandName }
        throw AgentFailure(
            .usage, "there is no command `\(called) \(unknown)`",
            hint: NearestName.of(unknown, in: names).map { "did you mean `\(called) \($0)`?" }
                ?? "`\(called) --help` lists the commands")
    }

    /// What to do about a sentence of the argument parser, which quotes what it does not know.
    func hint(for message: String) -> String {
        let quoted = message.split(separator: "'", omittingEmptySubsequences: false).enumerated()
            .filter { $0.offset % 2 == 1 }.map { String($0.element) }
        if let wrong = quoted.first, quoted.count > 1, message.contains("provide one of"),
            let nearest = NearestName.of(wrong, in: quoted.dropFirst())
        {
            return "did you mean `\(nearest)`?"
        }
        if let wrong = quoted.first, quoted.count == 1, wrong.hasPrefix("--"), message.hasPrefix("Unknown option"),
            let nearest = NearestName.of(wrong, in: options)
        {
            return "did you mean `\(nearest)`?"
        }
        return command == Rollcall.self
            ? "`rollcall --help` lists the commands, `rollcall COMMAND --help` what each takes"
            : "`\(called) --help` says what it takes"
    }

    /// Long options of the command, as its help lists them.
    private var options: [String] {
        Rollcall.helpMessage(for: command, columns: 200).split(separator: "\n").flatMap { line -> [String] in
            guard line.hasPrefix("  -") else { return [] }
            return line.split { " ,/".contains($0) }.prefix(3).filter { $0.hasPrefix("--") }.map(String.init)
        }
    }
}

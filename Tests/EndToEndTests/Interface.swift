import Foundation
import TestSupport
import Testing

/// Every command and option, as the built program itself says what it takes.
struct Interface {
    struct Command: Sendable, CustomTestStringConvertible {
        /// Words from the name of the program on: `rollcall`, `audit`, `verify`.
        var path: [String]
        /// With their dashes; short ones among them.
        var options: Set<String>
        /// Options of which the value is a file, by what they call it.
        var fileOptions: [FileOption]
        var hasChildren: Bool

        var testDescription: String { path.joined(separator: " ") }
        /// Name of its manual page.
        var page: String { path.joined(separator: "-") }
    }

    struct FileOption: Sendable {
        var name: String
        var completesFiles: Bool
    }

    let commands: [Command]

    static let built = Result { try Interface() }

    /// Without the root itself and without `help`, which the argument parser brings.
    static func subcommands() throws -> [Command] { try built.get().commands.filter { $0.path.count > 1 } }

    init() throws {
        let ended = try Rollcall.run(["--experimental-dump-help"], in: Repository.root)
        let document = try JSONSerialization.jsonObject(with: Data(ended.output.utf8)) as? [String: Any]
        let root = try #require(document?["command"] as? [String: Any])
        var commands: [Command] = []
        Interface.collect(root, [], into: &commands)
        self.commands = commands
    }

    /// The command that words name, as far as they do: `rollcall audit verify --format json`.
    func command(named words: [String]) -> Command? {
        commands.filter { words.starts(with: $0.path) }.max { $0.path.count < $1.path.count }
    }

    private static func collect(_ tree: [String: Any], _ above: [String], into commands: inout [Command]) {
        guard let name = tree["commandName"] as? String, name != "help" else { return }
        let path = above + [name]
        let arguments = (tree["arguments"] as? [[String: Any]] ?? []).filter { $0["shouldDisplay"] as? Bool ?? true }
        let children = tree["subcommands"] as? [[String: Any]] ?? []
        commands.append(
            Command(
                path: path, options: Set(arguments.flatMap(spelled)), fileOptions: arguments.compactMap(fileOption),
                hasChildren: !children.isEmpty))
        for child in children { collect(child, path, into: &commands) }
    }

    private static func spelled(_ argument: [String: Any]) -> [String] {
        (argument["names"] as? [[String: Any]] ?? []).compactMap { name in
            guard let text = name["name"] as? String else { return nil }
            return name["kind"] as? String == "long" ? "--" + text : "-" + text
        }
    }

    private static func fileOption(_ argument: [String: Any]) -> FileOption? {
        let isFile = ["file", "ca-file", "password-file", "certificate-file", "key-file", "keytab"].contains(
            argument["valueName"] as? String ?? "")
        guard isFile else { return nil }
        let kind = argument["completionKind"] as? [String: Any]
        return FileOption(
            name: spelled(argument).first ?? argument["valueName"] as? String ?? "",
            completesFiles: kind?["file"] != nil)
    }
}

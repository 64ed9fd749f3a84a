import Foundation
import TestSupport

/// A story told by the built program: steps from a file, over a small company of its own.
///
/// `run ARGUMENTS` runs rollcall; `at HOURS` sets the clock to so long after the first night; `replace FILE|OLD|NEW`, `write FILE|TEXT`
/// and `erase FILE` edit files; `keep FILE|COPY` copies a file, `rename FILE|NAME` moves one, `folder NAME` makes an empty folder,
/// `mode FILE|OCTAL` sets who may run a file, `show FILE` prints one; `crowd FILE|COUNT|GROUP` adds people by
/// the dozen, `crowdids FILE|COUNT` writes their ids; `add FILE|RDN|LINE` and `cut FILE|RDN|LINE` edit one entry of an LDIF file,
/// `drop FILE|RDN` removes it.
struct Scenario {
    /// 2026-11-21 02:15 UTC.
    private static let firstNight = 1_795_227_300

    let name: String
    private let folder: TemporaryDirectory
    private var now = Scenario.firstNight

    /// The stories that are written down, in order.
    static func names() -> [String] {
        let folder = Repository.root.appendingPathComponent("Tests/EndToEndTests/Scenarios").path
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return files.filter { $0.hasSuffix(".steps") }.map { String($0.dropLast(6)) }.sorted()
    }

    init(_ name: String) throws {
        self.name = name
        folder = try TemporaryDirectory()
        // Stories of two directories are those of another company.
        let isOfTwo = name.hasPrefix("two-")
        let mappings = ["mapping", "mapping-tenant", "mapping-agent-studio", "mapping-voiceflow"].map { "\($0).yaml" }
        let files = isOfTwo ? ["contractors.ldif", "mapping.yaml"] : mappings
        for file in ["rollcall.yaml", "people.ldif"] + files {
            let source = "Tests/EndToEndTests/Scenarios/\(isOfTwo ? "two" : "small")/\(file)"
            try folder.write(try Repository.text(source), to: file)
        }
        for platform in ["vivi", "tenant", "agent-studio", "voiceflow"] {
            try folder.write(try Repository.text("config/platforms/\(platform).yaml"), to: "\(platform).yaml")
        }
        for path in ["state", "approvals"] {
            try FileManager.default.createDirectory(
                atPath: folder.path(path), withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        }
    }

    /// Where the scenario's files are.
    var path: String { folder.url.path }

    /// Everything that was run, said and answered.
    mutating func transcript() throws -> String {
        var transcript = ""
        for line in try Repository.text("Tests/EndToEndTests/Scenarios/\(name).steps").split(separator: "\n") {
            if line.hasPrefix("#") {
                transcript += line + "\n"
            } else {
                transcript += try step(String(line))
            }
        }
        return transcript
    }

    private mutating func step(_ line: String) throws -> String {
        let words = line.split(separator: " ", maxSplits: 1).map(String.init)
        guard words.count == 2 else { throw Command.Failure(description: "\(name): `\(line)` is no step") }
        switch words[0] {
        case "run":
            let ended = try run(Scenario.arguments(words[1]))
            return "\n$ rollcall \(words[1])\n\(ended.output)=> \(ended.status)\n"
        case "show":
            return "\n(\(line))\n" + neutral(try String(contentsOfFile: folder.path(words[1]), encoding: .utf8))
        case "at":
            now = Scenario.firstNight + (Int(words[1]) ?? 0) * 3_600
            return "\n(\(words[1]) hours after the first night)\n"
        default:
            try edit(words[0], words[1].split(separator: "|", omittingEmptySubsequences: false).map(String.init))
            return "\n(\(line))\n"
        }
    }

    /// Runs rollcall with the scenario's clock and configuration.
    func run(_ arguments: [String]) throws -> Rollcall.Ended {
        let takesConfiguration = !arguments.contains("--config") && !["nonsense", "platform"].contains(arguments[0])
        let ended = try Rollcall.run(
            arguments + (takesConfiguration ? ["--config", "rollcall.yaml"] : []), in: folder.url,
            environment: ["ROLLCALL_NOW": String(now)])
        return Rollcall.Ended(status: ended.status, output: neutral(ended.output))
    }

    /// Without what differs from machine to machine: the folder, the account, and the width of the account's column.
    private func neutral(_ text: String) -> String {
        let account = NSUserName()
        var isTable = false
        let lines = text.replacingOccurrences(of: path, with: "FOLDER").components(separatedBy: "\n").map {
            line -> String in
            let neutral = line.replacingOccurrences(of: "by \(account)", with: "by ACCOUNT")
                .replacingOccurrences(of: "  \(account)  ", with: "  ACCOUNT  ")
                .replacingOccurrences(of: ",\(account),", with: ",ACCOUNT,")
                .replacingOccurrences(of: "\(account) by hand, since", with: "ACCOUNT by hand, since")
                .replacingOccurrences(of: "\"actor\": \"\(account)\"", with: "\"actor\": \"ACCOUNT\"")
                .replacingOccurrences(of: "\"by\": \"\(account)\"", with: "\"by\": \"ACCOUNT\"")
                .replacingOccurrences(of: "[0-9a-f]{64}", with: "HASH", options: .regularExpression)
            // Below such a head all rows, up to an empty line, are as wide as the account makes them.
            isTable = !neutral.isEmpty && (isTable || neutral.contains("  given by  "))
            let hasAccount = neutral.contains("  ACCOUNT ") || neutral.contains("  by  ")
            guard isTable || hasAccount else { return neutral }
            return neutral.replacingOccurrences(of: " {2,}", with: "  ", options: .regularExpression)
        }
        return lines.joined(separator: "\n")
    }

    func edit(_ verb: String, _ parts: [String]) throws {
        let path = folder.path(parts[0])
        let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
        var edited: String
        switch (verb, parts.count) {
        case ("crowd", 3): edited = Scenario.crowd(Int(parts[1]) ?? 0, in: parts[2], text)
        case ("crowdids", 2):
            edited = "id\n" + (1...(Int(parts[1]) ?? 1)).map { Scenario.crowdID($0) + "\n" }.joined()
        case ("mode", 2):
            return try FileManager.default.setAttributes(
                [.posixPermissions: Int(parts[1], radix: 8) ?? 0o600], ofItemAtPath: path)
        case ("keep", 2):
            if parts[1] == "state/roster.sqlite" { try FileManager.default.removeItem(atPath: folder.path(parts[1])) }
            return try FileManager.default.copyItem(atPath: path, toPath: folder.path(parts[1]))
        case ("rename", 2): return try FileManager.default.moveItem(atPath: path, toPath: folder.path(parts[1]))
        case ("folder", 1):
            return try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        case ("erase", 1): return try FileManager.default.removeItem(atPath: path)
        case ("write", 2): edited = parts[1].replacingOccurrences(of: "\\n", with: "\n")
        case ("replace", 3):
            let new = parts[2].replacingOccurrences(of: "\\n", with: "\n")
            edited = text.replacingOccurrences(of: parts[1], with: new)
        case ("add", 3), ("cut", 3), ("drop", 2):
            edited = text.components(separatedBy: "\n\n").compactMap { entry -> String? in
                guard entry.hasPrefix("dn: \(parts[1]),") else { return entry }
                if verb == "drop" { return nil }
                let line = "\n" + parts[2]
                let plain = entry.hasSuffix("\n") ? String(entry.dropLast()) : entry
                return verb == "add" ? plain + line : entry.replacingOccurrences(of: line, with: "")
            }.joined(separator: "\n\n")
            if !edited.hasSuffix("\n") { edited += "\n" }
        default: throw Command.Failure(description: "\(name): `\(verb) \(parts)` is no step")
        }
        guard edited != text else { throw Command.Failure(description: "\(name): `\(verb) \(parts)` changes nothing") }
        try folder.write(edited, to: parts[0])
    }

    private static func crowdID(_ number: Int) -> String {
        String(format: "5a110009-0000-4000-8000-%012d", number)
    }

    /// People who differ in nothing but their number, all in one group.
    private static func crowd(_ count: Int, in group: String, _ text: String) -> String {
        var people = ""
        var members = ""
        for number in 1...max(1, count) {
            people += """
                dn: uid=crowd\(number),ou=people,dc=small,dc=example
                objectClass: inetOrgPerson
                uid: crowd\(number)
                cn: Crowd \(number)
                sn: Crowd
                mail: crowd\(number)@small.example
                title: crowd
                entryUUID: \(crowdID(number))


                """
            members += "\nmember: uid=crowd\(number),ou=people,dc=small,dc=example"
        }
        let head = "dn: cn=\(group),"
        let parts = text.components(separatedBy: "\n\n").map { $0.hasPrefix(head) ? $0 + members : $0 }
        let first = parts.firstIndex { $0.hasPrefix("dn: cn=") } ?? parts.count
        return (parts[..<first] + [people.trimmingCharacters(in: .newlines)] + parts[first...]).joined(
            separator: "\n\n")
    }

    /// Words parted by spaces; those in quotation marks are one.
    private static func arguments(_ text: String) -> [String] {
        text.components(separatedBy: "\"").enumerated().flatMap { place, part in
            place % 2 == 1 ? [part] : part.split(separator: " ").map(String.init)
        }
    }
}

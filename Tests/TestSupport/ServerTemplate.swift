import Foundation
import Glibc

/// The files of a server that takes long to create: made once on a machine, then copied by each fixture.
///
/// Kept in the temporary directory under the version of the packages and of the script, so that neither changes unseen.
struct ServerTemplate: Sendable {
    let name: String
    let url: URL

    /// `script` is below scripts/lib and makes the template, given `template`, the directory and the arguments.
    init(_ name: String, script: String, arguments: [String], packages: [String]) throws {
        self.name = name
        let place = FileManager.default.temporaryDirectory.appendingPathComponent("rollcall-test-servers-\(getuid())")
        try FileManager.default.createDirectory(
            at: place, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let path = Repository.root.appendingPathComponent("scripts/lib/\(script)").path
        let versions = packages.map { (try? Command.output("dpkg-query", ["--show", $0])) ?? "" }
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let key = ServerTemplate.digest(([text] + arguments + versions).joined(separator: "\n"))
        url = place.appendingPathComponent("\(name)-\(String(key, radix: 16))")
        try ServerTemplate.locked(place.appendingPathComponent("\(name).lock").path) { [url] in
            guard !FileManager.default.fileExists(atPath: url.path) else { return }
            let unfinished = place.appendingPathComponent("\(name).new")
            try? FileManager.default.removeItem(at: unfinished)
            try Command.run(path, ["template", unfinished.path] + arguments, in: place)
            try Data(unfinished.path.utf8).write(to: unfinished.appendingPathComponent("made-at"))
            try FileManager.default.moveItem(at: unfinished, to: url)
        }
    }

    /// The directory it was made in, which some of its files name.
    var madeAt: String {
        get throws { try String(contentsOf: url.appendingPathComponent("made-at"), encoding: .utf8) }
    }

    /// Copies all files to a directory that is there.
    func copy(to directory: URL) throws {
        try Command.run("cp", ["-a", url.path + "/.", directory.path], in: directory)
    }

    /// One process at a time: whoever comes second finds the template made.
    private static func locked(_ path: String, _ body: () throws -> Void) throws {
        let lock = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        guard lock >= 0, flock(lock, LOCK_EX) == 0 else {
            throw Command.Failure(description: "cannot lock \(path)")
        }
        defer { close(lock) }
        try body()
    }

    /// FNV-1a: a name for a text, the same in every process.
    private static func digest(_ text: String) -> UInt64 {
        text.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
    }
}

import Diagnostics
import Glibc
import SyncAgent

/// The platform files that come with Rollcall, found from where the program is.
enum ShippedPlatforms {
    /// A platform by name, or by the path of its file; throws `AgentFailure`.
    static func named(_ name: String) throws(AgentFailure) -> (name: String, content: [UInt8]) {
        let isPath = name.utf8.contains(UInt8(ascii: "/")) || name.hasSuffix(".yaml")
        let paths = isPath ? [name] : folders.map { "\($0)/\(name).yaml" }
        for path in paths {
            do {
                let content = try InputFile(path, wanted: "a platform file").bytes()
                let file = FilePath.name(of: path)
                return (file.hasSuffix(".yaml") ? String(file.dropLast(5)) : file, content)
            } catch  where isPath { throw error } catch {}
        }
        throw AgentFailure(.missingFile, "there is no platform file for `\(name)`", hint: hint(for: name))
    }

    private static func hint(for name: String) -> String {
        if names.contains(name) {
            return "it comes with Rollcall, in `share/rollcall/platforms` beside the folder of the program; "
                + "put it there, or give `--platform` the path of the file"
        }
        return NearestName.of(name, in: names).map { "did you mean `\($0)`?" }
            ?? "vivi, tenant, agent-studio and voiceflow are shipped; for others give `--platform` the path of the file"
    }

    private static let names = ["agent-studio", "tenant", "vivi", "voiceflow"]

    /// `share/rollcall/platforms` or `config/platforms` beside any folder above the program.
    private static var folders: [String] {
        guard let program = realpath("/proc/self/exe", nil) else { return [] }
        defer { free(program) }
        var folder = FilePath.directory(of: String(cString: program))
        var folders: [String] = []
        while folder != "/" {
            folder = FilePath.directory(of: folder)
            folders.append(FilePath.joined(folder, "share/rollcall/platforms"))
            if folder != "/" { folders.append(FilePath.joined(folder, "config/platforms")) }
        }
        return folders
    }
}

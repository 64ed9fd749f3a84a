import Foundation

/// The built program.
enum Rollcall {
    struct Ended {
        let status: Int32
        /// Standard output, then standard error.
        let output: String
    }

    /// Where the build put the program: beside the tests.
    static let program = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        .appendingPathComponent("rollcall")

    /// Runs the program, or another one in the same way.
    static func run(
        _ arguments: [String], program: URL = program, in folder: URL, environment: [String: String] = [:]
    ) throws -> Ended {
        let process = Process()
        process.executableURL = program
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.environment = environment.merging(["PATH": "/usr/bin:/bin", "NO_COLOR": "1"]) { mine, _ in mine }
        process.standardInput = FileHandle.nullDevice
        // Files take any amount without anybody reading at the same time.
        let output = try Sink()
        let errors = try Sink()
        process.standardOutput = output.handle
        process.standardError = errors.handle
        try process.run()
        process.waitUntilExit()
        return Ended(status: process.terminationStatus, output: try output.text() + errors.text())
    }

    /// A file without a name to write into.
    private struct Sink {
        let handle: FileHandle
        private let url: URL

        init() throws {
            url = FileManager.default.temporaryDirectory.appendingPathComponent(
                "rc-out-\(UInt64.random(in: 0 ... .max))")
            try Data().write(to: url)
            handle = try FileHandle(forUpdating: url)
        }

        func text() throws -> String {
            defer { try? FileManager.default.removeItem(at: url) }
            return String(decoding: try Data(contentsOf: url), as: UTF8.self)
        }
    }
}

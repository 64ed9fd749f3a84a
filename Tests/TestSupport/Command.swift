package import Foundation
import Glibc
import Synchronization

/// Running programs that tests need; a missing one is an error that names the package, never a reason to skip.
package enum Command {
    package struct Failure: Error, CustomStringConvertible {
        package let description: String

        package init(description: String) { self.description = description }
    }

    /// The path of a program in the usual places.
    package static func path(_ name: String) throws -> String {
        for directory in ["/usr/bin", "/usr/sbin", "/bin", "/sbin", "/usr/local/bin", "/usr/local/sbin"] {
            let path = directory + "/" + name
            if FileManager.default.isExecutableFile(atPath: path) { return path }
        }
        throw Failure(description: "`\(name)` is not installed; scripts/test has the list of packages that tests need")
    }

    /// Runs a program to its end and throws what it said when it fails.
    package static func run(
        _ name: String, _ arguments: [String], in directory: URL, environment: [String: String] = [:]
    ) throws {
        _ = try output(name, arguments, in: directory, environment: environment)
    }

    /// Runs a program to its end and returns what it said; throws that when it fails.
    package static func output(
        _ name: String, _ arguments: [String], in directory: URL? = nil, environment: [String: String] = [:]
    ) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: name.hasPrefix("/") ? name : try path(name))
        process.arguments = arguments
        process.currentDirectoryURL = directory ?? FileManager.default.temporaryDirectory
        // The client library of the product takes no settings from the environment; tools of tests do.
        let inherited = ProcessInfo.processInfo.environment.filter { $0.key != "LDAPNOINIT" }
        process.environment = inherited.merging(environment) { $1 }
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let said = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        let text = String(decoding: said, as: UTF8.self)
        guard process.terminationStatus == 0 else {
            throw Failure(description: "`\(name)` ended with \(process.terminationStatus): \(text)")
        }
        return text
    }
}

/// A directory of its own for a test, removed with it; one that is held to the end goes when the process does.
package final class TemporaryDirectory: Sendable {
    package let url: URL

    private static let held = Mutex<Set<URL>>([])
    private static let removal: Int32 = atexit {
        for url in TemporaryDirectory.held.withLock({ $0 }) { try? FileManager.default.removeItem(at: url) }
    }

    /// In memory, where the system has such a place: for what synchronizes its files thousands of times.
    package init(inMemory: Bool = false) throws {
        let memory = URL(fileURLWithPath: "/dev/shm")
        let place =
            inMemory && FileManager.default.isWritableFile(atPath: memory.path)
            ? memory : FileManager.default.temporaryDirectory
        url = place.appendingPathComponent("rc-\(UInt64.random(in: 0 ... .max))")
        try FileManager.default.createDirectory(
            at: url, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        guard TemporaryDirectory.removal == 0 else { throw Command.Failure(description: "nothing runs at the end") }
        TemporaryDirectory.held.withLock { _ = $0.insert(url) }
    }

    deinit {
        TemporaryDirectory.held.withLock { _ = $0.remove(url) }
        try? FileManager.default.removeItem(at: url)
    }

    package func path(_ name: String) -> String { url.appendingPathComponent(name).path }

    @discardableResult
    package func write(_ text: String, to name: String) throws -> String {
        try Data(text.utf8).write(to: url.appendingPathComponent(name))
        return path(name)
    }
}

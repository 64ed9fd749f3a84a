import Glibc
import Testing

@testable import SyncAgent

/// A directory of its own for one test, removed at its end.
final class TemporaryDirectory {
    let path: String

    /// In memory, for what synchronizes its files thousands of times.
    init(inMemory: Bool = false) throws {
        let place = inMemory && access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"
        var template = Array("\(place)/rollcall-test-XXXXXX".utf8CString)
        let made = template.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) }
        }
        path = try #require(made)
    }

    deinit { TemporaryDirectory.remove(path) }

    func path(_ name: String) -> String { FilePath.joined(path, name) }

    @discardableResult
    func write(_ name: String, _ text: String, mode: mode_t = 0o600) throws -> String {
        try write(name, Array(text.utf8), mode: mode)
    }

    /// Makes directories on the way.
    @discardableResult
    func write(_ name: String, _ bytes: [UInt8], mode: mode_t = 0o600) throws -> String {
        let target = path(name)
        var made = path
        for part in name.split(separator: "/").dropLast() {
            made += "/" + part
            mkdir(made, 0o700)
        }
        let file = open(target, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        try #require(file >= 0)
        defer { close(file) }
        try #require(Glibc.write(file, bytes, bytes.count) == bytes.count)
        try #require(fchmod(file, mode) == 0)
        return target
    }

    func makeDirectory(_ name: String, mode: mode_t = 0o700) throws {
        try #require(mkdir(path(name), 0o700) == 0)
        try #require(chmod(path(name), mode) == 0)
    }

    func text(_ name: String) throws -> String { String(decoding: try InputFile.bytes(path(name)), as: UTF8.self) }

    func names(_ name: String = "") throws -> [String] { try OpenDirectory.open(path(name)).names() }

    private static func remove(_ path: String) {
        if let names = try? OpenDirectory.open(path).names() {
            for name in names { remove(FilePath.joined(path, name)) }
            rmdir(path)
        } else {
            unlink(path)
        }
    }
}

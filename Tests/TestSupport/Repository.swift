package import Diagnostics
package import Foundation
package import Testing

/// The files of this repository, wherever it is checked out.
package enum Repository {
    package static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    package static func bytes(_ path: String) throws -> [UInt8] {
        try [UInt8](Data(contentsOf: root.appendingPathComponent(path)))
    }

    package static func text(_ path: String) throws -> String {
        String(decoding: try bytes(path), as: UTF8.self)
    }

    /// A file to be read, named by its path in the repository.
    package static func source(_ path: String) throws -> SourceFile {
        SourceFile(name: path, bytes: try bytes(path))
    }
}

/// Files that hold what the program writes, kept in the repository so that a change of it is seen.
package enum RecordedFile {
    /// Compares with the file; with `ROLLCALL_RECORD=1` in the environment writes it anew, and fails the run so that
    /// nobody takes a recording for a test.
    package static func expect(
        _ text: String, at path: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        if ProcessInfo.processInfo.environment["ROLLCALL_RECORD"] == "1" {
            let url = Repository.root.appendingPathComponent(path)
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: url)
            Issue.record("recorded \(path); run again without ROLLCALL_RECORD", sourceLocation: sourceLocation)
            return
        }
        let recorded = (try? Repository.text(path)) ?? ""
        guard recorded != text else { return }
        let before = recorded.split(separator: "\n", omittingEmptySubsequences: false)
        let after = text.split(separator: "\n", omittingEmptySubsequences: false)
        let same = zip(before, after).enumerated().first { $0.element.0 != $0.element.1 }?.offset
        let first = same ?? min(before.count, after.count)
        Issue.record(
            """
            \(path) is not what the program writes; first difference in line \(first + 1):
            recorded: \(before.indices.contains(first) ? before[first] : "(end)")
            written:  \(after.indices.contains(first) ? after[first] : "(end)")
            If that is meant, record it with ROLLCALL_RECORD=1.
            """, sourceLocation: sourceLocation)
    }
}

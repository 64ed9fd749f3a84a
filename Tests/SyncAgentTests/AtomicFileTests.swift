import Glibc
import Testing

@testable import SyncAgent

struct AtomicFileTests {
    @Test func aFileIsWrittenForItsOwnerOnly() throws {
        let directory = try TemporaryDirectory()
        try AtomicFile.write(Array("a".utf8), to: "f", in: OpenDirectory.open(directory.path))
        var status = stat()
        try #require(stat(directory.path("f"), &status) == 0)
        #expect(status.st_mode & 0o777 == 0o600)
        #expect(try directory.text("f") == "a")
        #expect(try directory.names() == ["f"])
    }

    @Test func aFileIsReplacedWhole() throws {
        let directory = try TemporaryDirectory()
        try directory.write("f", "before")
        try AtomicFile.write(Array("after".utf8), to: "f", in: OpenDirectory.open(directory.path))
        #expect(try directory.text("f") == "after")
    }

    @Test func anExistingFileIsKeptWhereThatIsAskedFor() throws {
        let directory = try TemporaryDirectory()
        try directory.write("f", "before")
        let error = #expect(throws: FileError.self) {
            try AtomicFile.write(
                Array("after".utf8), to: "f", in: OpenDirectory.open(directory.path), existing: .refuse)
        }
        #expect(error?.code == EEXIST)
        #expect(try directory.text("f") == "before")
        #expect(try directory.names() == ["f"])
    }

    @Test func aLinkIsReplacedAndNotFollowed() throws {
        let directory = try TemporaryDirectory()
        try directory.write("precious", "kept")
        try #require(symlink("precious", directory.path("f")) == 0)
        try AtomicFile.write(Array("new".utf8), to: "f", in: OpenDirectory.open(directory.path))
        #expect(try directory.text("precious") == "kept")
        #expect(try directory.text("f") == "new")
    }

    @Test func whatAKilledRunLeftIsRemovedAndNothingElse() throws {
        let directory = try TemporaryDirectory()
        for name in [".f.tmp-0123456789abcdef", ".hidden", "f.tmp-0123456789abcdef", "run-1.txt"] {
            try directory.write(name, "x")
        }
        try AtomicFile.cleanUp(OpenDirectory.open(directory.path))
        #expect(try directory.names() == [".hidden", "f.tmp-0123456789abcdef", "run-1.txt"])
    }

    @Test func onlyTheNewestReportsAreKept() throws {
        let directory = try TemporaryDirectory()
        let shelf = try ReportShelf(state: OpenDirectory.open(directory.path))
        for run in Int64(8)...12 {
            _ = try shelf.put(run: run, formats: [.text, .json]) { _, sink in sink([]) }
        }
        try directory.write("reports/notes.txt", "mine")
        try shelf.keep(2, hasIndex: false)
        #expect(
            try directory.names("reports") == [
                "latest.json", "latest.txt", "notes.txt", "run-11.json", "run-11.txt", "run-12.json", "run-12.txt",
            ])
    }
}

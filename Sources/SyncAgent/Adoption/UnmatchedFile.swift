import Reconciliation
import Reports

/// The lines of a list that match nobody, as a list to fill in: everything as it was, whose it is, and why it is here.
struct UnmatchedFile {
    private let list: String
    private let asked: String?

    init(_ request: AdoptionRequest) {
        list = request.path
        asked = request.unmatchedPath
    }

    /// Throws when the path asked for is taken.
    ///
    /// A file with just these lines is what an import leaves that was killed before it was applied: it may be given again.
    func check(_ list: UserListFile, _ outcomes: [AccountOutcome]) throws(AgentFailure) {
        guard let asked, InputFile.exists(asked) else { return }
        if let there = try? InputFile.bytes(asked), there == UnmatchedFile.bytes(list, outcomes) { return }
        throw AgentFailure(
            .cannotWrite, "`\(asked)` is there already",
            hint: "name another file with `--unmatched`, or move it away; nothing was imported")
    }

    /// `users` of `users.csv`, and of `users.unmatched-2.csv` too.
    static func stem(_ name: String) -> String {
        var stem = name.lowercased().hasSuffix(".csv") ? String(name.dropLast(4)) : name
        if let mark = stem.range(of: ".unmatched") {
            let tail = stem[mark.upperBound...].utf8
            if tail.allSatisfy({ $0 == 0x2D || (0x30...0x39).contains($0) }) { stem = String(stem[..<mark.lowerBound]) }
        }
        return stem
    }

    /// Writes the lines to the path asked for, or to a free one beside the list; the path.
    ///
    /// That is `users.unmatched.csv`, or `users.unmatched-2.csv`; a file that holds just these lines stays. For its owner's eyes only, and on the disk before this returns.
    func write(_ list: UserListFile, _ outcomes: [AccountOutcome]) throws(AgentFailure) -> String {
        let bytes = UnmatchedFile.bytes(list, outcomes)
        let path = path(for: bytes)
        try check(list, outcomes)
        if InputFile.exists(path) { return path }
        do throws(FileError) {
            let directory = try OpenDirectory.open(FilePath.directory(of: path), links: .follow)
            try AtomicFile.write(bytes, to: FilePath.name(of: path), in: directory, existing: .refuse)
        } catch {
            var failure = AgentFailure(writing: error)
            failure.message = "the lines that match nobody cannot be written: \(failure.message)"
            failure.hint = "name a file in a folder where you may write with `--unmatched`; nothing was imported"
            throw failure
        }
        return path
    }

    private func path(for bytes: [UInt8]) -> String {
        if let asked { return asked }
        let folder = FilePath.directory(of: list)
        let stem = UnmatchedFile.stem(FilePath.name(of: list))
        var number = 1
        while true {
            let name = "\(stem).unmatched\(number == 1 ? "" : "-\(number)").csv"
            let path = folder == "." ? name : FilePath.joined(folder, name)
            if !InputFile.exists(path) || (try? InputFile.bytes(path)) == bytes { return path }
            number += 1
        }
    }

    static func bytes(_ list: UserListFile, _ outcomes: [AccountOutcome]) -> [UInt8] {
        let own = ["person", "why"]
        let kept = list.heading.indices.filter { !own.contains(list.heading[$0].lowercased()) }
        var csv = CSVWriter(columns: kept.map { list.heading[$0] } + own)
        for (place, outcome) in outcomes.enumerated() where outcome.isUnmatched {
            for line in list.lines[place] {
                csv.row(kept.map { line.fields[$0] } + [list.accounts[place].person, outcome.why])
            }
        }
        return csv.bytes
    }
}

extension AccountOutcome {
    /// Whether a human has to say whose the account is, or what to do about it.
    package var isUnmatched: Bool { standing == .unmanaged || standing == .setAside }
}

extension String {
    /// Where the text stands first, by its bytes.
    fileprivate func range(of text: String) -> Range<String.Index>? {
        var start = utf8.startIndex
        while start < utf8.endIndex {
            if utf8[start...].starts(with: text.utf8) {
                return start..<utf8.index(start, offsetBy: text.utf8.count)
            }
            start = utf8.index(after: start)
        }
        return nil
    }
}

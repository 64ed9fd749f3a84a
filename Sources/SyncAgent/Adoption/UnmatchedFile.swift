import Reconciliation
import Reports

/// The lines of a list that match nobody, as a list to fill in: everything as it was, whose it is, and why it is here.
struct UnmatchedFile {
    let path: String

    /// The path asked for, or a free one beside the list: `users.unmatched.csv`, `users.unmatched-2.csv`; throws when
    /// the path asked for is taken.
    init(_ request: AdoptionRequest) throws(AgentFailure) {
        if let asked = request.unmatchedPath {
            guard !InputFile.exists(asked) else {
                throw AgentFailure(
                    .cannotWrite, "`\(asked)` is there already",
                    hint: "name another file with `--unmatched`, or move it away; nothing was imported")
            }
            path = asked
            return
        }
        let folder = FilePath.directory(of: request.path)
        let stem = UnmatchedFile.stem(FilePath.name(of: request.path))
        var name = "\(stem).unmatched.csv"
        var number = 2
        while InputFile.exists(FilePath.joined(folder, name)) {
            name = "\(stem).unmatched-\(number).csv"
            number += 1
        }
        path = folder == "." ? name : FilePath.joined(folder, name)
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

    /// The lines, for their owner's eyes only, on the disk before this returns.
    func write(_ list: UserListFile, _ outcomes: [AccountOutcome]) throws(AgentFailure) {
        let folder = FilePath.directory(of: path)
        do throws(FileError) {
            let directory = try OpenDirectory.open(folder, links: .follow)
            try AtomicFile.write(
                UnmatchedFile.bytes(list, outcomes), to: FilePath.name(of: path), in: directory, existing: .refuse)
        } catch {
            throw AgentFailure(writing: error)
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

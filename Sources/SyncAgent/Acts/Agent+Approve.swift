import Diagnostics
import DirectoryModel
import Glibc
import Reconciliation

extension Agent {
    /// Writes an approval for what the last run held.
    package func approveLastHold(reason: String, targets: [String]?) throws(AgentFailure) -> ApprovalWritten {
        let files = try files()
        let names = try selected(targets, of: files.targets.map(\.settings.name))
        guard reason.contains(where: { !$0.isWhitespace }) else {
            throw AgentFailure(.usage, "an approval needs a reason", hint: "say why with `--reason`")
        }
        guard let hold = LastHold.read(files.configuration.state) else {
            throw AgentFailure(
                .failed, "the last run held nothing", hint: "`rollcall runs` shows what was held when")
        }
        let items = hold.items.filter { names.contains($0.target) }
        guard !items.isEmpty else {
            throw AgentFailure(
                .failed, "run \(hold.run) held nothing on \(names.map { "`\($0)`" }.joined(separator: ", "))")
        }
        let draft = ApprovalDraft(items: items, run: hold.run, reason: reason, now: context.clock())
        do throws(FileError) {
            return try draft.write(to: files.configuration.approvals)
        } catch {
            throw AgentFailure(writing: error)
        }
    }
}

/// An approval on its way into a file.
struct ApprovalDraft {
    let items: [LastHold.Item]
    let run: Int64
    let reason: String
    let now: Int64

    /// Up to so many people stand in the file itself.
    private static let fewPeople = 20

    /// It holds for a day.
    private var until: Int64 { now + 86_400 }
    private var people: [ImmutableID] { Set(items.flatMap(\.people)).sorted() }
    private var targets: [String] {
        Set(items.map(\.target)).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// Kinds and their most: as many as there are people, or as were counted where nobody is named.
    private var allow: [String] {
        var kinds: [String: Int] = [:]
        var groups: [String: Int] = [:]
        for item in items {
            if item.kind == .groupShrink {
                let name = item.group ?? ""
                groups[name] = max(groups[name] ?? 1, item.count)
            } else {
                kinds[item.kind.rawValue, default: 0] += max(1, item.people.isEmpty ? item.count : item.people.count)
            }
        }
        var lines = kinds.map { "\($0.key): \($0.value)" }
        if !groups.isEmpty {
            let inner = groups.map { "\(ApprovalDraft.quoted($0.key)): \($0.value)" }.sorted()
            lines.append("group_shrink: {\(inner.joined(separator: ", "))}")
        }
        return lines.sorted()
    }

    func write(to path: String) throws(FileError) -> ApprovalWritten {
        if mkdir(path, 0o755) != 0, errno != EEXIST { throw FileError(errno, path) }
        let directory = try OpenDirectory.open(path, links: .follow)
        try AtomicFile.cleanUp(directory)
        let taken = Set(try directory.names())
        let name =
            (1...10_000).lazy.map { $0 == 1 ? "run-\(run)" : "run-\(run)-\($0)" }
            .first { !taken.contains("\($0).yaml") && !taken.contains("\($0).csv") } ?? "run-\(run)"
        let isLong = people.count > ApprovalDraft.fewPeople
        if isLong {
            let lines = ["id"] + people.map(\.description)
            try AtomicFile.write(
                Array((lines.joined(separator: "\n") + "\n").utf8), to: "\(name).csv", in: directory, existing: .refuse,
                for: .everybody)
        }
        try AtomicFile.write(
            Array(text(list: isLong ? "\(name).csv" : nil).utf8), to: "\(name).yaml", in: directory, existing: .refuse,
            for: .everybody)
        return ApprovalWritten(
            path: FilePath.joined(path, "\(name).yaml"),
            peoplePath: isLong ? FilePath.joined(path, "\(name).csv") : nil, targets: targets, people: people.count,
            allow: allow, validUntil: until, run: run)
    }

    private func text(list: String?) -> String {
        var lines = [
            "# Written by `rollcall approve --last-hold` from run \(run). Read it, change it, have it reviewed.",
            "version: 1",
            "reason: \(ApprovalDraft.quoted(reason))",
            // `from` in whole minutes, rounded down, so that it holds at once.
            "valid: {from: \(TimeText.text(now - 59)), until: \(TimeText.text(until))}",
            "targets: [\(targets.joined(separator: ", "))]",
        ]
        if let list {
            lines.append("people: \(list)")
        } else if !people.isEmpty {
            lines.append("here:")
            lines += people.map { "  - \(ApprovalDraft.quoted($0.description))" }
        }
        lines.append("allow: {\(allow.joined(separator: ", "))}")
        return lines.joined(separator: "\n") + "\n"
    }

    /// A JSON string, which is YAML too.
    private static func quoted(_ text: String) -> String {
        var json = JSONWriter(layout: .compact)
        json.value(SafeText.escaped(text))
        return json.text
    }
}

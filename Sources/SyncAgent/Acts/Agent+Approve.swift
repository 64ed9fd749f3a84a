import Diagnostics
import DirectoryModel
import Glibc
import Reconciliation
import Reports

extension Agent {
    /// Writes approvals for what the last run held: one for each target and kind, so that none allows more than was held.
    package func approveLastHold(reason: String, targets: [String]?) throws(AgentFailure) -> [ApprovalWritten] {
        let files = try files()
        let names = try selected(targets, of: files.targets.map(\.settings.name))
        guard reason.contains(where: { !$0.isWhitespace }) else {
            throw AgentFailure(.usage, "an approval needs a reason", hint: "say why with `--reason`")
        }
        guard let hold = LastHold.read(files.configuration.state) else {
            throw AgentFailure(
                .failed, "the last run held nothing",
                hint: hint("`rollcall runs` shows what was held when", names, files))
        }
        let items = hold.items.filter { names.contains($0.target) }
        guard !items.isEmpty else {
            throw AgentFailure(
                .failed, "run \(hold.run) held nothing on \(names.map { "`\($0)`" }.joined(separator: ", "))",
                hint: hint(hold.places, names, files))
        }
        let named = try labeled(items, files)
        let drafts = ApprovalDraft.drafts(named, reason: reason, now: context.clock())
        let open = drafts.filter { $0.approved(by: files.approvals) == nil }
        // What was cut short while it was written goes, whether there is anything left to write or not.
        try? ApprovalDraft.cleanUp(files.configuration.approvals)
        if open.isEmpty, let same = drafts.lazy.compactMap({ $0.approved(by: files.approvals) }).first {
            throw AgentFailure(
                .failed, "what run \(hold.run) held is approved already by `\(same.file)`",
                hint: "read that one through; `rollcall plan` shows what it lets pass. Remove it first to write it anew"
            )
        }
        do throws(FileError) {
            var written: [ApprovalWritten] = []
            for draft in open { written.append(try draft.write(to: files.configuration.approvals)) }
            return written
        } catch {
            throw AgentFailure(writing: error)
        }
    }
}

extension Agent {
    /// What to do where nothing was held, unless every target is only observed; with those that are.
    private func hint(_ hint: String, _ names: [String], _ files: AgentFiles) -> String {
        guard let observed = observed(names, files) else { return hint }
        let areAll = files.targets.map(\.settings).allSatisfy { !names.contains($0.name) || $0.mode == .observe }
        return areAll ? observed : "\(hint); \(observed)"
    }

    /// That targets which are only observed hold nothing; nil where none of these is.
    private func observed(_ names: [String], _ files: AgentFiles) -> String? {
        let observed = files.targets.map(\.settings).filter { names.contains($0.name) && $0.mode == .observe }
        guard !observed.isEmpty else { return nil }
        let list = observed.map { "`\($0.name)`" }.joined(separator: ", ")
        let (verb, they) = observed.count == 1 ? ("is", "it is") : ("are", "they are")
        return
            "\(list) \(verb) in `mode: observe`, where nothing is held: what a night would have held can be approved "
            + "once \(they) in `mode: manage` and a run has held it"
    }

    /// The same with emails of those whom the plan did not name, and with groups by id that no file names as the directory does.
    private func labeled(_ items: [LastHold.Item], _ files: AgentFiles) throws(AgentFailure) -> [LastHold.Item] {
        var items = items
        for place in items.indices {
            if let group = items[place].group, let id = items[place].groupID,
                !files.mappedNames(of: [items[place].target]).knows(group)
            {
                items[place].label = group
                items[place].group = id.description
            }
        }
        let lacking = items.contains { item in item.emails.count < item.people.count || item.emails.contains("") }
        guard lacking, items.contains(where: { !$0.people.isEmpty }) else { return items }
        let known = try emails(of: Set(items.flatMap(\.people)), files.configuration, Set(items.map(\.target)).sorted())
        for place in items.indices {
            let emails = items[place].emails
            items[place].emails = items[place].people.enumerated().map { number, id in
                let email = emails.indices.contains(number) ? emails[number] : ""
                return email.isEmpty ? known[id] ?? "" : email
            }
        }
        return items
    }

    /// Emails of users, and of others as the last run read them, by immutable id: a saved plan brings no mirror.
    private func emails(
        of ids: Set<ImmutableID>, _ configuration: AgentConfiguration, _ targets: [String]
    ) throws(AgentFailure) -> [ImmutableID: String] {
        try translating { () throws -> [ImmutableID: String] in
            let open = try ports.openRoster(
                RosterLocation(path: configuration.rosterPath, access: .reading, readers: configuration.readers))
            defer { open.close() }
            var emails: [ImmutableID: String] = [:]
            for roster in try open.store.load(targets: targets).targets {
                for row in roster.users where ids.contains(row.id) { emails[row.id] = roster.texts[row.email] }
            }
            guard ids.contains(where: { emails[$0] == nil }) else { return emails }
            let mirror = try open.lastMirror()
            for (place, row) in mirror.people.enumerated() where ids.contains(row.id) && emails[row.id] == nil {
                emails[row.id] = mirror.record(PersonIndex(place)).text(.email)
            }
            return emails
        }
    }
}

extension LastHold {
    /// Where there is something to approve.
    fileprivate var places: String {
        let names = Set(items.map(\.target)).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        guard !names.isEmpty else { return "`rollcall show \(run)` shows what it did" }
        return "it held something on \(names.map { "`\($0)`" }.joined(separator: ", ")): name that with `--target`"
    }
}

/// An approval of what one run held of one kind on one target, on its way into a file.
struct ApprovalDraft {
    let items: [LastHold.Item]
    let target: String
    let kind: GuardKind
    let run: Int64
    /// Name of the file without its ending, unless it is taken.
    let stem: String
    let reason: String
    let now: Int64

    /// By target and kind, in the order of the holds; a single one is called after the run alone.
    static func drafts(_ items: [LastHold.Item], reason: String, now: Int64) -> [ApprovalDraft] {
        var parts: [[LastHold.Item]] = []
        for item in items {
            let place = parts.firstIndex { $0[0].target == item.target && $0[0].kind == item.kind }
            if let place { parts[place].append(item) } else { parts.append([item]) }
        }
        return parts.map { items in
            let (target, kind, run) = (items[0].target, items[0].kind, items[0].run)
            return ApprovalDraft(
                items: items, target: target, kind: kind, run: run,
                stem: parts.count == 1 ? "run-\(run)" : "run-\(run)-\(target)-\(kind.rawValue)", reason: reason,
                now: now)
        }
    }

    /// A file still in date that approves the same hold: numbers of two would add up.
    func approved(by approvals: [Approval]) -> Approval? {
        approvals.first { approval in
            let name = FilePath.name(of: approval.file)
            return now < approval.validUntil && (approval.targets?.contains(target) ?? true)
                && ["run-\(run).", "run-\(run)-"].contains(where: name.hasPrefix)
                && (approval.allow[kind] != nil || kind == .groupShrink && !approval.groupShrink.isEmpty)
        }
    }

    /// Up to so many people stand in the file itself.
    private static let fewPeople = 20

    /// It holds for a day.
    private var until: Int64 { now + 86_400 }
    private var people: [ImmutableID] { Set(items.flatMap(\.people)).sorted() }
    /// Emails for those who review the file; nothing goes by them.
    private var emails: [ImmutableID: String] {
        var emails: [ImmutableID: String] = [:]
        for item in items {
            for (id, email) in zip(item.people, item.emails) where !email.isEmpty { emails[id] = email }
        }
        return emails
    }

    /// The kind and its most: as many as there are people, or as were counted where nobody is named.
    private var allow: String {
        guard kind == .groupShrink else {
            let counts = items.map { max(1, $0.people.isEmpty ? $0.count : $0.people.count) }
            return "\(kind.rawValue): \(counts.reduce(0, +))"
        }
        var groups: [String: Int] = [:]
        for item in items { groups[item.group ?? ""] = max(groups[item.group ?? ""] ?? 1, item.count) }
        let inner = groups.map { "\(ApprovalDraft.quoted($0.key)): \($0.value)" }.sorted()
        return "group_shrink: {\(inner.joined(separator: ", "))}"
    }

    /// Removes what a killed command left half-written in the folder.
    static func cleanUp(_ path: String) throws(FileError) {
        try AtomicFile.cleanUp(try OpenDirectory.open(path, links: .follow))
    }

    func write(to path: String) throws(FileError) -> ApprovalWritten {
        if mkdir(path, 0o755) != 0, errno != EEXIST { throw FileError(errno, path) }
        let directory = try OpenDirectory.open(path, links: .follow)
        try AtomicFile.cleanUp(directory)
        let taken = Set(try directory.names())
        let name =
            (1...10_000).lazy.map { $0 == 1 ? stem : "\(stem)-\($0)" }
            .first { !taken.contains("\($0).yaml") && !taken.contains("\($0).csv") } ?? stem
        let isLong = people.count > ApprovalDraft.fewPeople
        if isLong {
            var list = CSVWriter(columns: ["id", "email"])
            let emails = emails
            for id in people { list.row([id.description, emails[id] ?? ""]) }
            try AtomicFile.write(list.bytes, to: "\(name).csv", in: directory, existing: .refuse, for: .everybody)
        }
        try AtomicFile.write(
            Array(text(list: isLong ? "\(name).csv" : nil).utf8), to: "\(name).yaml", in: directory, existing: .refuse,
            for: .everybody)
        return ApprovalWritten(
            path: FilePath.joined(path, "\(name).yaml"),
            peoplePath: isLong ? FilePath.joined(path, "\(name).csv") : nil, target: target, people: people.count,
            allow: allow, validUntil: until, run: run)
    }

    private func text(list: String?) -> String {
        var lines = [
            "# Written by `rollcall approve --last-hold` from run \(run). Read it, change it, have it reviewed.",
            "version: 1",
            "reason: \(ApprovalDraft.quoted(reason))",
            // `from` in whole minutes, rounded down, so that it holds at once.
            "valid: {from: \(TimeText.text(now - 59)), until: \(TimeText.text(until))}",
            "targets: [\(target)]",
        ]
        if let list {
            lines.append("people: \(list)")
        } else if !people.isEmpty {
            lines.append("here:")
            let emails = emails
            lines += people.map { id in
                let note = emails[id].map { "  # \(SafeText.escaped($0))" } ?? ""
                return "  - \(ApprovalDraft.quoted(id.description))\(note)"
            }
        }
        lines += items.compactMap { item in item.label.map { "# \(item.group ?? "") is \(SafeText.escaped($0))" } }
        lines.append("allow: {\(allow)}")
        return lines.joined(separator: "\n") + "\n"
    }

    /// A JSON string, which is YAML too.
    private static func quoted(_ text: String) -> String {
        var json = JSONWriter(layout: .compact)
        json.value(SafeText.escaped(text))
        return json.text
    }
}

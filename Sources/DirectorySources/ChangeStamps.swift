internal import DirectoryModel

/// What a directory said of its identity and of the state of its data, now and at the last run.
struct ChangeStamps: Equatable {
    private(set) var facts: [StampFact]

    init(_ facts: [StampFact]) { self.facts = facts }

    /// What is kept with a run; of kinds that are not known nothing is taken.
    init(_ stamp: DirectoryStamp?) { facts = (stamp?.changeStamps ?? []).compactMap(StampFact.init) }

    /// As it is kept with a run: sorted, each once.
    var texts: [String] { Set(facts.map(\.text)).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) } }

    /// Only what moves with every change.
    var sequences: [StampFact] {
        facts.filter {
            switch $0 {
            case .change, .sequence, .entries: true
            case .suffix, .domain, .shown, .people, .groups, .scope, .own: false
            }
        }
    }

    /// Only what the directory is known by, whatever it holds.
    var identity: ChangeStamps {
        ChangeStamps(
            facts.filter {
                switch $0 {
                case .suffix, .domain: true
                case .change, .sequence, .entries, .shown, .people, .groups, .scope, .own: false
                }
            })
    }

    /// Only what the last full pull counted, which the next one is held to.
    var counted: [StampFact] {
        facts.filter {
            switch $0 {
            case .shown, .people, .groups, .scope, .own: true
            case .change, .sequence, .entries, .suffix, .domain: false
            }
        }
    }

    /// How many people, and groups, were found under a base; 0 where that was not counted.
    func people(under base: String) -> Int {
        facts.lazy.compactMap { if case .people(base, let count) = $0 { count } else { nil } }.first ?? 0
    }

    func groups(under base: String) -> Int {
        facts.lazy.compactMap { if case .groups(base, let count) = $0 { count } else { nil } }.first ?? 0
    }

    /// OpenLDAP: the oldest of the newest changes of those writers that wrote until a later moment; nil when none did.
    ///
    /// A writer that was not known before counts from the beginning.
    func firstChange(until later: ChangeStamps) -> String? {
        let before = newestChanges
        return later.newestChanges.filter { before[$0.key] != $0.value }.map {
            before[$0.key] ?? "00000101000000.000000Z#000000#000#000000"
        }.min()
    }

    /// Throws when the server knows less than it did at the last run (a stale replica, or a restored backup), or is of another domain.
    ///
    /// A server whose stamps can no longer be read, or that lost a writer, proves nothing either way and passes.
    static func check(
        _ now: DirectoryStamp, against last: DirectoryStamp?, _ settings: SourceSettings
    ) throws(PullFailure) {
        let (current, before) = (ChangeStamps(now), ChangeStamps(last))
        try current.checkIdentity(before, now.server, settings)
        let known = current.newestChanges
        for (writer, stamp) in before.newestChanges {
            guard let current = known[writer], current < stamp else { continue }
            throw behind(
                now.server, "its last change is of \(time(current)), the last run saw one of \(time(stamp))", settings)
        }
        let (databases, last) = (current.databases, last?.server == now.server ? before.backends : [:])
        for (database, number) in before.databases {
            guard let current = databases[database], current < number else { continue }
            throw behind(
                now.server, "of the changes made at `\(database)` it has \(current), the last run saw \(number)",
                settings)
        }
        for (backend, number) in last {
            guard let current = current.backends[backend], current < number else { continue }
            throw behind(
                now.server, "it counts \(current) changes in `\(backend)`, the last run saw \(number)", settings)
        }
    }

    private static func behind(_ server: String, _ words: String, _ settings: SourceSettings) -> PullFailure {
        settings.failure(
            .incomplete, "`\(server)` is behind: \(words)",
            "wait until the replica has caught up, or name another server first in `urls`; where nothing newer is left, as after a restore "
                + "from a backup, \(settings.acceptance)")
    }

    /// A domain is known by its identifier, and a directory by the naming contexts that its bases lie in.
    private func checkIdentity(
        _ last: ChangeStamps, _ server: String, _ settings: SourceSettings
    ) throws(PullFailure) {
        let hint = "correct `urls`; if the directory was moved there on purpose, `rollcall rekey` takes over its ids"
        for case .domain(let id) in last.facts {
            let now = facts.compactMap { if case .domain(let id) = $0 { id } else { nil } }
            guard let other = now.first, !now.contains(id) else { continue }
            throw settings.failure(
                .incomplete, "`\(server)` serves the domain \(other), the last run read \(id)", hint)
        }
        let contexts = facts.compactMap { if case .suffix(let name) = $0 { try? DistinguishedName(name) } else { nil } }
        for case .suffix(let text) in last.facts {
            guard let name = try? DistinguishedName(text), !contexts.contains(name), !contexts.isEmpty else { continue }
            // Other bases may lie elsewhere; the same ones may not.
            guard contexts.contains(where: { $0.isUnder(name) || name.isUnder($0) }) else { continue }
            throw settings.failure(
                .incomplete, "`\(server)` no longer has the naming context `\(EntryText.shown(text))` of the last run",
                hint)
        }
    }

    /// The newest stamp of each writer.
    private var newestChanges: [String: String] {
        var newest: [String: String] = [:]
        for case .change(let writer, let stamp) in facts { newest[writer] = max(newest[writer] ?? "", stamp) }
        return newest
    }

    private var databases: [String: Int64] {
        var last: [String: Int64] = [:]
        for case .sequence(let database, let number) in facts { last[database] = max(last[database] ?? number, number) }
        return last
    }

    private var backends: [String: Int64] {
        var last: [String: Int64] = [:]
        for case .entries(let backend, let number) in facts { last[backend] = max(last[backend] ?? number, number) }
        return last
    }

    private static func time(_ stamp: String) -> String { String(stamp.prefix { $0 != "#" }) }
}

extension PullRequest {
    /// What the reading is compared with.
    var comparedStamp: DirectoryStamp? {
        guard acceptsStanding, var stamp = lastStamp else { return lastStamp }
        stamp.changeStamps = ChangeStamps(stamp).identity.texts
        return stamp
    }
}

extension SourceSettings {
    /// How a human says that what the directory has is right; the end of a hint.
    var acceptance: String { "`rollcall sync --accept-directory \(name)` goes on with what it has" }
}

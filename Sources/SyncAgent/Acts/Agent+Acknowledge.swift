import Diagnostics
import DirectoryModel
package import Reconciliation
import Reports

/// Which findings somebody knows of, and until when.
package struct AckRequest: Sendable {
    /// Ids or codes of findings.
    package var findings: [String]
    /// Only findings of this target.
    package var target: String?
    package var reason: String
    /// A day, which counts whole, or a time with its zone.
    package var until: String?

    package init(findings: [String], target: String? = nil, reason: String) {
        self.findings = findings
        self.target = target
        self.reason = reason
    }
}

/// A finding as the roster knows it between two runs.
package struct KnownFinding: Sendable, Equatable {
    package var target: String
    package var key: String
    /// Nil where only the key is kept: of targets that are only observed, and of findings that are gone.
    package var finding: Finding?
    package var acknowledgement: Acknowledgement?
    /// Whether the last run of the target found it.
    package var isThere: Bool

    package var id: String { FindingKey.id(of: key, target: target) }
    package var code: String { FindingKey.code(of: key) }

    /// In which order findings are listed.
    fileprivate var rank: Int {
        let weight = (finding?.weight).map { 2 - Int($0.rawValue) } ?? 3
        return acknowledgement == nil ? weight : 4 + weight
    }

    /// Whom or what it is about.
    package var about: String {
        if let finding, !finding.label.isEmpty { return finding.label }
        let names = finding.map { FindingKey.names(in: $0.message) } ?? []
        if !names.isEmpty { return names.joined(separator: ", ") }
        return String(Substring(key.utf8.dropFirst(code.utf8.count).drop { $0 == UInt8(ascii: " ") }))
    }
}

extension Agent {
    /// What the last run of each target found, the severe ones first, those acknowledged last.
    package func findings(target: String?) throws(AgentFailure) -> [KnownFinding] {
        try looking(at: target) { known in
            known.filter(\.isThere).enumerated().sorted { left, right in
                let (mine, other) = (left.element.rank, right.element.rank)
                return mine == other ? left.offset < right.offset : mine < other
            }.map(\.element)
        }
    }

    /// What is acknowledged and not over, by target and finding.
    package func acknowledgements(target: String?) throws(AgentFailure) -> [KnownFinding] {
        try looking(at: target) { known in known.filter { $0.acknowledgement != nil } }
    }

    /// Acknowledges findings; every one that is named must be there.
    @discardableResult
    package func acknowledge(_ request: AckRequest) throws(AgentFailure) -> [KnownFinding] {
        guard request.reason.contains(where: { !$0.isWhitespace }) else {
            throw AgentFailure(.usage, "an acknowledgement needs a reason", hint: "say why with `--reason`")
        }
        guard let text = request.until else {
            throw AgentFailure(.usage, "an acknowledgement needs an end", hint: "say until when with `--until`")
        }
        let until = try Agent.end(text)
        return try acknowledging(request) { chosen, now, run throws(AgentFailure) in
            guard until > now else {
                throw AgentFailure(.usage, "`--until \(text)` is over already", hint: "name a day to come")
            }
            let given = chosen.filter(\.isThere).map { one in
                Acknowledgement(
                    target: one.target, key: one.key, until: until, reason: request.reason, actor: context.actor,
                    since: now, run: run)
            }
            return (AcknowledgementAct(given: given), "acknowledged until \(Timestamp.end(until))")
        }
    }

    /// Lets findings speak again.
    @discardableResult
    package func takeBack(_ request: AckRequest) throws(AgentFailure) -> [KnownFinding] {
        try acknowledging(request) { chosen, _, _ throws(AgentFailure) in
            let given = chosen.filter { $0.acknowledgement != nil }
            guard !given.isEmpty else {
                throw AgentFailure(
                    .failed, "none of these is acknowledged", hint: "`rollcall ack --list` lists what is")
            }
            return (
                AcknowledgementAct(takenBack: given.map { (target: $0.target, key: $0.key) }),
                "acknowledgement taken back"
            )
        }
    }

    private typealias Acting = (_ chosen: [KnownFinding], _ now: Int64, _ run: Int64) throws(AgentFailure) -> (
        act: AcknowledgementAct, words: String
    )

    private func acknowledging(_ request: AckRequest, _ body: Acting) throws(AgentFailure) -> [KnownFinding] {
        let configuration = try configuration()
        try check(request.target, configuration)
        return try writing(configuration, command: "ack", delivers: false) { desk throws in
            let roster = try desk.load([])
            let now = context.clock()
            try RunClock.check(now, against: roster)
            let book = try FindingBook(desk.roster, configuration, roster.acknowledgements, at: now)
            let chosen = try book.chosen(request)
            let (act, words) = try body(chosen, now, roster.lastRun + 1)
            guard !(act.given.isEmpty && act.takenBack.isEmpty) else {
                throw AgentFailure(
                    .failed, "the last run did not find that any more", hint: "`rollcall findings` lists what it found")
            }
            let ids = (act.given.map(\.id) + act.takenBack.map { FindingKey.id(of: $0.key, target: $0.target) })
            let why = request.reason.isEmpty ? "" : ": \(request.reason)"
            try desk.roster.acknowledge(
                act,
                RunRecord(
                    number: roster.lastRun + 1, command: "ack", actor: context.actor, started: now,
                    ended: max(now, context.clock()), outcome: .applied, exitStatus: 0,
                    summary: "\(words), \(ids.count == 1 ? "finding" : "findings") \(FindingBook.words(ids))\(why)",
                    version: context.version, targets: []))
            if let head = try desk.roster.chain.head() { try Witness.write(head, in: desk.state) }
            let after = try FindingBook(desk.roster, configuration, desk.load([]).acknowledgements, at: now)
            let keys = Set(act.given.map { [$0.target, $0.key] } + act.takenBack.map { [$0.target, $0.key] })
            return (act.given.isEmpty ? chosen : after.known).filter { keys.contains([$0.target, $0.key]) }
        }
    }

    private func looking(
        at target: String?, _ body: ([KnownFinding]) -> [KnownFinding]
    ) throws(AgentFailure) -> [KnownFinding] {
        let configuration = try configuration()
        try check(target, configuration)
        return try translating { () throws -> [KnownFinding] in
            try RunTraces(configuration).checkRosterFile()
            let open = try ports.openRoster(
                RosterLocation(path: configuration.rosterPath, access: .reading, readers: configuration.readers))
            defer { open.close() }
            let book = try FindingBook(
                open, configuration, open.standing().acknowledgements, at: context.clock())
            return body(book.known).filter { target == nil || $0.target == target }
        }
    }

    private func check(_ target: String?, _ configuration: AgentConfiguration) throws(AgentFailure) {
        guard let target else { return }
        _ = try selected([target], of: configuration.targets.map(\.name))
    }
}

/// Every finding that can be named: what the last run of each target found, and what is acknowledged.
private struct FindingBook {
    private(set) var known: [KnownFinding] = []

    /// Runs that are looked through for the last one of each target.
    private static let runsLookedAt = 20

    /// Of the acknowledgements those that stand at a time.
    init(
        _ open: OpenRoster, _ configuration: AgentConfiguration, _ acknowledgements: [Acknowledgement], at now: Int64
    ) throws {
        let runs = try open.recentRuns(FindingBook.runsLookedAt).filter { $0.isRegular && $0.outcome != .failed }
        for target in configuration.targets {
            var given = Dictionary(
                acknowledgements.filter { $0.target == target.name && now < $0.until }.map { ($0.key, $0) },
                uniquingKeysWith: { $1 })
            var seen: Set<String> = []
            func add(_ key: String, _ finding: Finding?) {
                guard seen.insert(key).inserted else { return }
                known.append(
                    KnownFinding(
                        target: target.name, key: key, finding: finding, acknowledgement: given[key], isThere: true))
                given[key] = nil
            }
            // Of a target that runs write, the roster has the findings themselves.
            if target.mode == .manage {
                for finding in try open.findings(target.name) { add(FindingKey.of(finding), finding) }
            }
            let last = runs.lazy.compactMap { $0.targets.first { $0.target == target.name && !$0.isPart } }.first
            if target.mode == .observe || last?.held == true { for key in last?.findingKeys ?? [] { add(key, nil) } }
            for key in given.keys.sorted() {
                // What is acknowledged is not among the keys that runs keep.
                known.append(
                    KnownFinding(
                        target: target.name, key: key, finding: nil, acknowledgement: given[key],
                        isThere: target.mode == .observe))
            }
        }
    }

    /// What the words of a request mean; throws where one of them means nothing.
    func chosen(_ request: AckRequest) throws(AgentFailure) -> [KnownFinding] {
        let here = known.filter { request.target == nil || $0.target == request.target }
        var chosen: [KnownFinding] = []
        var places: Set<Int> = []
        for word in request.findings {
            let meant = here.indices.filter { here[$0].id == word || here[$0].code == word }
            guard !meant.isEmpty else {
                let names = here.map(\.id) + Set(here.map(\.code)).sorted()
                throw AgentFailure(
                    .failed, "no finding has the name or code `\(word)`",
                    hint: NearestName.of(word, in: names).map { "did you mean `\($0)`?" }
                        ?? "`rollcall findings` lists them")
            }
            for place in meant where places.insert(place).inserted { chosen.append(here[place]) }
        }
        return chosen
    }

    /// The first of very many ids.
    static func words(_ ids: [String]) -> String {
        let shown = ids.prefix(10).joined(separator: ", ")
        return ids.count > 10 ? "\(shown) and \(ids.count - 10) more" : shown
    }
}

import AccessModel
import Diagnostics
import DirectoryModel
import MappingLanguage
import Reconciliation
import Reports
import SQLiteRoster
import SyncAgent

/// Works out who would move in or out under other assumptions, from the last mirror in the roster: no directory is asked.
struct SeatInquiry {
    /// What is assumed.
    struct Assumptions {
        /// Limits by pool, as typed: `support=45`.
        var limits: [String] = []
        /// A group whose members are taken to be in a mapped group as well: `interns=support`.
        var groups: [String] = []
        /// Day of which the night is taken: `2026-12-01`.
        var day: String?
    }

    private let view: RosterView
    private let target: TargetFiles
    private let files: AgentFiles

    init(_ view: RosterView, target name: String?) throws {
        self.view = view
        files = try view.composition.agent.files()
        let names = files.targets.map(\.settings.name)
        guard let name = name ?? (names.count == 1 ? names.first : nil) else {
            throw AgentFailure(
                .usage, "there are \(names.count) targets: say which",
                hint: "name it with `--target`; they are \(names.joined(separator: ", "))")
        }
        guard let found = files.target(named: name) else {
            throw AgentFailure.noTarget(name, of: names)
        }
        target = found
    }

    func answer(_ assumptions: Assumptions) throws -> WhatIf {
        let roster = try view.roster.load(targets: [target.settings.name])
        let mirror = target.united(
            try view.roster.loadMirror(), roster.targets.first ?? TargetRoster(target: target.settings.name))
        let compiled = try compile(mirror, roster)
        let population = compiled.population(in: MembershipGraph(mirror))
        var settings = target.settings
        var words = try assumptions.limits.map { try change(&settings.topology, $0) }
        var other = population
        for group in assumptions.groups {
            other = try add(group, compiled, mirror, to: other)
            words.append("the members of \(group.replacing("=", with: " were in ")) as well")
        }
        var time = Clock.now()
        let now = plan(target.settings, compiled, population, mirror, roster, at: time)
        if let day = assumptions.day {
            let asked = try SeatInquiry.time(day)
            guard asked + 86_400 > time else {
                throw AgentFailure(
                    .usage, "`\(day)` is over",
                    hint: "`rollcall seats --history` shows what was; `--on` takes a day to come")
            }
            time = max(asked, time)
            words.append("it were \(day)")
        }
        let then = plan(settings, compiled, other, mirror, roster, at: time)
        return WhatIf(now: now, then: then, assumptions: words)
    }

    private func compile(_ mirror: Mirror, _ roster: Roster) throws -> CompiledMapping {
        let known = roster.pins.filter { $0.target == target.settings.name }.map {
            KnownGroup(reference: $0.reference, key: $0.key, name: $0.name, dn: $0.dn)
        }
        do {
            return try CompiledMapping(
                target.mapping, mirror: mirror, trust: target.lock.map { .locked($0) } ?? .pinned(known))
        } catch {
            throw AgentFailure(
                .badData, "the mapping of \(target.settings.name) does not fit the directory as it was last read",
                hint: "`rollcall check --online` says what is missing", causes: error.problems.map(\.message))
        }
    }

    private func plan(
        _ settings: TargetSettings, _ compiled: CompiledMapping, _ population: GroupPopulation, _ mirror: Mirror,
        _ roster: Roster, at now: Int64
    ) -> TargetPlan {
        let users = roster.targets.first ?? TargetRoster(target: settings.name)
        var input = ReconcileInput(
            mirror: mirror, evaluation: .none, rules: target.ruleLabels, roster: users,
            approvals: files.approvals(notUsedIn: roster), now: now, run: roster.lastRun + 1)
        let reconciler = Reconciler(settings: settings)
        let freezes = reconciler.freeze(&input) { frozen in
            compiled.evaluate(mirror, population: population, frozen: frozen)
        }
        input.hasFrozenGroups = !freezes.members.isEmpty
        return reconciler.plan(input)
    }

    /// Sets the limit of one pool, named by scope, class or both: `support=45`, `support/editor=5`.
    private func change(_ topology: inout Topology, _ text: String) throws -> String {
        let parts = text.utf8.split(separator: UInt8(ascii: "="), omittingEmptySubsequences: false)
            .map { String(Substring($0)) }
        guard parts.count == 2, let limit = WholeNumber.parse(parts[1]), (0...100_000_000).contains(limit) else {
            throw AgentFailure(
                .usage, "`\(text)` is no limit of a pool", hint: "write it like `--what-if support=45`")
        }
        let matching = topology.pools.indices.filter { place in
            let pool = topology.pools[place]
            return [pool.name, "\(pool.scope)", pool.seatClass, "\(pool.scope)/\(pool.seatClass)"].contains(parts[0])
        }
        guard matching.count == 1, let place = matching.first else {
            let names = topology.pools.map(\.name)
            throw AgentFailure(
                .usage,
                matching.isEmpty ? "there is no seat pool `\(parts[0])`" : "`\(parts[0])` means several seat pools",
                hint: NearestName.hint(
                    for: parts[0], in: names, called: "the pools are",
                    otherwise: "`rollcall seats` lists the pools"))
        }
        topology.pools[place].limit = limit
        return "\(topology.pools[place].name) had \(limit) seats"
    }

    private func add(
        _ text: String, _ compiled: CompiledMapping, _ mirror: Mirror, to population: GroupPopulation
    ) throws -> GroupPopulation {
        let parts = text.utf8.split(separator: UInt8(ascii: "="), omittingEmptySubsequences: false)
            .map { String(Substring($0)) }
        guard parts.count == 2 else {
            throw AgentFailure(
                .usage, "`\(text)` does not say which group is to join which",
                hint: "write it like `--what-if-group interns=support`: interns as if in support")
        }
        guard let place = compiled.groups.firstIndex(where: { $0.name == parts[1] }) else {
            throw AgentFailure(
                .usage, "no rule of \(target.settings.name) names a group `\(parts[1])`",
                hint: NearestName.hint(
                    for: parts[1], in: compiled.groups.map(\.name), called: "they name",
                    otherwise: "`rollcall groups` lists the groups that rules name"))
        }
        let name = Array(parts[0].utf8)
        let found = mirror.groups.indices.filter { mirror.groups[$0].name == name || mirror.groups[$0].dn == name }
        guard found.count == 1, let group = found.first else {
            throw AgentFailure(
                .usage,
                found.isEmpty
                    ? "the directory had no group `\(parts[0])` when it was last read"
                    : "the directory has \(found.count) groups `\(parts[0])`",
                hint: found.isEmpty
                    ? NearestName.of(parts[0], in: mirror.groups.map { String(decoding: $0.name, as: UTF8.self) })
                        .map { "did you mean `\($0)`?" } ?? "give a group's name or DN as the directory has it"
                    : "give the DN")
        }
        let people = MembershipGraph(mirror).effectivePeople(of: [GroupIndex(group)])
        return population.adding(people.first ?? .empty, toGroup: place, of: mirror.people.count)
    }

    /// Midnight of a day, UTC.
    private static func time(_ day: String) throws -> Int64 {
        guard let time = GivenDay.midnight(day) else {
            throw AgentFailure(.usage, "`--on \(day)` is no day", hint: "write it like 2026-12-01")
        }
        return time
    }
}

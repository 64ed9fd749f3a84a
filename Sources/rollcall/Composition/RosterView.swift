import AccessModel
import Diagnostics
import DirectoryModel
import Glibc
import Reconciliation
import Reports
import SQLiteRoster
import SyncAgent

/// The roster, opened to be looked at.
struct RosterView {
    let composition: Composition
    let roster: SQLiteRoster

    /// People among whom the nearest name is looked for.
    private static let comparedAtMost = 100_000

    init(_ options: ConfigurationOptions) throws {
        composition = Composition(options)
        let configuration = try composition.agent.configuration()
        try composition.agent.checkRosterFile(configuration)
        roster = try Rosters.reading(configuration)
        try composition.agent.checkRoster(configuration, lastRun: try roster.runs(limit: 1).first?.record.number ?? 0)
    }

    /// Throws where the roster does not continue what the witness beside it saw.
    func checkWitness() throws {
        try composition.agent.checkWitness(try composition.agent.configuration(), RosterChain(roster))
    }

    /// The one person that the text means: an email, login, alias, DN or immutable id; else a former email, which is said.
    func person(_ text: String) throws -> FoundPerson {
        var found = try roster.find(text)
        var isFormer = false
        if found.isEmpty {
            let former = try roster.findFormer(email: text)
            found = former.map(\.person)
            isFormer = true
            if former.count == 1, let one = former.first { tell(one, text) }
        }
        guard let first = found.first else {
            throw AgentFailure(
                .failed, "nobody is `\(text)`: not an email, login, alias, DN or id that the last applied run knew",
                hint: try nearest(text).map { "did you mean `\($0)`?" }
                    ?? "`rollcall users --search` looks for a part of an email or a name")
        }
        guard found.count == 1 else {
            let all = found.map { "\($0.person.directory):\($0.person.id)" }.joined(separator: ", ")
            throw AgentFailure(
                .failed, "\(found.count) people \(isFormer ? "had the email" : "are") `\(text)`: \(all)",
                hint: "give the immutable id, the part after the colon")
        }
        return first
    }

    private func tell(_ former: FormerEmail, _ text: String) {
        var page = TextPage(style: Terminal.style(of: STDERR_FILENO))
        page.line(
            "note: `\(text)` is nobody's email now; `\(former.person.label)` had it until run \(former.run) of \(Timestamp.text(former.time))"
        )
        Output.message(page.bytes)
    }

    /// The email or login that was probably meant, of everybody whom the last applied run knew.
    ///
    /// Nobody is looked for among very many: an answer is to come at once.
    private func nearest(_ text: String) throws -> String? {
        let people = try roster.readCounts().values.reduce(0) { $0 + $1.people }
        guard people <= RosterView.comparedAtMost else { return nil }
        let mirror = try roster.loadMirror()
        var names = try roster.users(UserQuery()).map(\.email)
        for place in mirror.people.indices {
            let record = mirror.record(PersonIndex(truncatingIfNeeded: place))
            for field in [PersonField.login, .email, .alias] {
                names += record.values(field).map { String(decoding: $0, as: UTF8.self) }
            }
        }
        return NearestName.of(text, in: names, most: 2)
    }

    /// Refuses a role that no platform of these targets has: a slip of the pen, and no answer; where the files cannot be read, the roster's is given.
    func check(role: String, target: String?) throws {
        guard let files = try? composition.agent.files() else { return }
        let targets = files.targets.map(\.settings).filter { target == nil || $0.name == target }
        let roles = Set(targets.flatMap { $0.platform.roles.map(\.name) })
        guard !roles.isEmpty, !roles.contains(role) else { return }
        let sorted = roles.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        throw AgentFailure.noRole(role, on: target, of: sorted)
    }

    /// Refuses a target that neither the configuration nor the roster knows, and one to which nothing was applied yet.
    func check(target: String?) throws {
        guard let target else { return }
        let known = try roster.targets()
        guard !known.contains(target) else { return }
        let targets = try composition.agent.configuration().targets
        let configured = targets.map(\.name)
        guard configured.contains(target) else {
            let names = configured + known.filter { !configured.contains($0) }
            throw AgentFailure.noTarget(target, of: names)
        }
        let isObserved = targets.contains { $0.name == target && $0.mode == .observe }
        throw AgentFailure(
            .usage, "the roster knows no target `\(target)`",
            hint: "nothing was applied to it yet: "
                + (isObserved
                    ? "set `mode: manage` for it first"
                    : "`rollcall plan --target \(target)` shows what a run would do")
        )
    }
}

extension FoundPerson {
    /// The person's record in the mirror.
    var entry: PersonRecord { PersonRecord(bytes: record[...]) }

    /// Email, login or id.
    var label: String { entry.text(.email) ?? entry.text(.login) ?? "\(person.id)" }
}

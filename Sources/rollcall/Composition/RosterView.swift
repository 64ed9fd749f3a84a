import Diagnostics
import DirectoryModel
import Reconciliation
import SQLiteRoster
import SyncAgent

/// The roster, opened to be looked at.
struct RosterView {
    let composition: Composition
    let roster: SQLiteRoster

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

    /// The one person that the text means: an email, login, alias, DN or immutable id.
    func person(_ text: String) throws -> FoundPerson {
        let found = try roster.find(text)
        guard let first = found.first else {
            throw AgentFailure(
                .failed, "nobody is `\(text)`: not an email, login, alias, DN or id that the last applied run knew",
                hint: "`rollcall users --search \(text)` looks for parts of emails and names")
        }
        guard found.count == 1 else {
            let all = found.map { "\($0.person.directory):\($0.person.id)" }.joined(separator: ", ")
            throw AgentFailure(
                .failed, "\(found.count) people are `\(text)`: \(all)",
                hint: "give the immutable id, the part after the colon")
        }
        return first
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

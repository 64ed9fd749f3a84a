import DirectoryModel
import MappingLanguage
package import Reconciliation

/// Reads the people whom a change can affect, by the roster's indexes: what it costs follows from the change and not from the roster's size.
///
/// Users who are not read are not proven to be as the last run left them: the next run that looks at everybody does that.
struct PartReader {
    let connection: OpaquePointer
    let question: PartQuestion
    /// Whether the roster was just found to be as the last run left it.
    var isProven = false
    /// What is not looked for: a test sees that each is needed.
    var leavingOut: Set<AffectedPeople.Piece> = []

    /// A target of the question, with what the roster knows of it.
    struct Target {
        var number: Int64
        var settings: TargetSettings
        var baseline: TargetBaseline

        func window(_ now: Int64) -> ClockWindow {
            ClockWindow(last: baseline.time, now: now, policy: settings.policy)
        }
    }

    func answer() throws -> PartAnswer {
        do {
            return .part(try part())
        } catch let reason as EverybodyReason {
            return .everybody(reason)
        }
    }

    private func part() throws -> RosterPart {
        var roster = try RosterReader(connection).roster(targets: [], isProven: isProven)
        let targets = try question.targets.map(target)
        if let first = targets.first, targets.contains(where: { $0.baseline.run != first.baseline.run }) {
            throw EverybodyReason(.otherRun, "not every target was decided about in run \(roster.lastRun)")
        }
        for target in targets { try checkLine(target) }
        let people = try AffectedPeople(self, targets)
        try people.collect()
        let (before, after) = try PartMirrors(people).read()
        var others: [[RosterRest.Users]] = []
        for target in targets {
            let users = PartUsers(connection: connection, target: target)
            let (found, rest) = try users.read(people.numbers)
            roster.targets.append(found)
            others.append(rest)
        }
        return RosterPart(roster: roster, before: before, after: after, others: others)
    }

    private func target(_ settings: TargetSettings) throws -> Target {
        let number = try TargetNumbers.known(settings.name, connection)
        guard let number, let baseline = try BaselineReader(connection: connection).baseline(target: number) else {
            throw EverybodyReason(.noBaseline, "no run has decided about `\(settings.name)` yet")
        }
        return Target(number: number, settings: settings, baseline: baseline)
    }

    private func checkLine(_ target: Target) throws {
        let rows = try SQLStatement(
            connection, "SELECT count(*) FROM (SELECT 1 FROM waiting WHERE target = ? LIMIT ?)")
        rows.bind(1, target.number)
        rows.bind(2, question.mostInLine + 1)
        try rows.forEach {
            guard rows.integer(0) > question.mostInLine else { return }
            throw EverybodyReason(
                .line, "more than \(question.mostInLine) places are in the line of `\(target.settings.name)`")
        }
    }
}

extension SQLiteRoster {
    /// The people whom a change can affect, or why a run has to look at everybody.
    package func part(_ question: PartQuestion) throws -> PartAnswer {
        try read {
            try PartReader(connection: $0, question: question, isProven: isProven($0)).answer()
        }
    }
}

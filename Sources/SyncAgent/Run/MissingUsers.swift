import AccessModel
import DirectoryModel
import Reconciliation

/// Users who are not in a mirror: those about whom the directory is asked.
struct MissingUsers {
    /// More than this are not asked about in one run; the others stay as they are.
    static let mostAsked = 20_000

    /// Those to ask about, sorted, each once.
    let keys: [PersonKey]
    /// People with a sign-in, invited or active somewhere, whom this run does not ask about.
    private let leftOut: Set<PersonKey>

    /// Who has more to lose by the answer, or more to keep: the lower is asked first.
    private enum Turn: Int {
        /// Invited or active somewhere.
        case user
        /// Suspended for something else: the answer may add a cause.
        case suspended
        /// Suspended because they are missing: only somebody who came back is news.
        case knownMissing
    }

    /// Looks at targets that could act on the answers; one whose people shrank beyond the limit is held anyway.
    ///
    /// Where there are more than may be asked about, users come before people suspended already, and those for whom no room is
    /// left take turns from run to run.
    /// Directories in `unread` could not answer.
    init(
        targets: [(settings: TargetSettings, roster: TargetRoster)], mirror: Mirror, approvals: [Approval], run: Int64,
        unread: [String] = [], most: Int = MissingUsers.mostAsked
    ) {
        var turns: [PersonKey: Turn] = [:]
        for (settings, roster) in targets {
            for (place, name) in roster.directories.enumerated() where !unread.contains(name) {
                guard let directory = mirror.directories.firstIndex(of: name) else { continue }
                let now = mirror.people.count { Int($0.directory) == directory }
                let shrinks = MissingUsers.isHeldAnyway(settings, roster, name, people: now)
                if shrinks, !approvals.contains(where: { $0.allow[.peopleShrink] != nil }) { continue }
                let people = mirror.rows(ofDirectory: directory)
                for (user, row) in roster.users.enumerated()
                where row.managed && Int(row.directory) == place && row.status != .removed && !people.holds(row.id) {
                    let key = PersonKey(directory: name, id: row.id)
                    let turn = MissingUsers.turn(row, roster.details[user])
                    if turn.rawValue < turns[key]?.rawValue ?? Int.max { turns[key] = turn }
                }
            }
        }
        var asked: [PersonKey] = []
        var leftOut: Set<PersonKey> = []
        for turn in [Turn.user, .suspended, .knownMissing] {
            let waiting = turns.filter { $0.value == turn }.keys.sorted()
            let chosen = MissingUsers.inTurn(waiting, most: most - asked.count, run: run)
            asked += chosen
            if turn == .user, chosen.count < waiting.count { leftOut = Set(waiting).subtracting(chosen) }
        }
        keys = asked.sorted()
        self.leftOut = leftOut
    }

    private static func turn(_ row: UserRow, _ details: UserDetails?) -> Turn {
        if row.status != .suspended { return .user }
        return details?.causes.contains { $0.kind == .missing } == true ? .knownMissing : .suspended
    }

    /// So many of them that each comes up again after as few runs as possible.
    private static func inTurn(_ keys: [PersonKey], most: Int, run: Int64) -> [PersonKey] {
        if keys.count <= most { return keys }
        if most <= 0 { return [] }
        let slices = Int64((keys.count + most - 1) / most)
        let start = Int(((run % slices) + slices) % slices) * most
        let chosen = keys[start..<min(start + most, keys.count)]
        return Array(chosen + keys.prefix(most - chosen.count))
    }

    /// What to tell of users of a target who are not in the read and were not asked about; nil where there are none.
    func finding(about roster: TargetRoster) -> Finding? {
        if leftOut.isEmpty { return nil }
        let count = roster.users.count { row in
            row.managed && (row.status == .invited || row.status == .active)
                && Int(row.directory) < roster.directories.count
                && leftOut.contains(PersonKey(directory: roster.directories[Int(row.directory)], id: row.id))
        }
        if count == 0 { return nil }
        return .absenceNotAsked(count, most: MissingUsers.mostAsked)
    }

    /// Whether a directory, with so many people now, has so many fewer that the target is held whoever they are.
    static func isHeldAnyway(_ settings: TargetSettings, _ roster: TargetRoster, _ name: String, people now: Int)
        -> Bool
    {
        guard let before = roster.baseline?.people[name], before > 0 else { return false }
        return before - now > settings.limits.peopleShrink.value(base: before)
    }
}

extension Mirror {
    /// The people of one directory, in the order of their ids.
    fileprivate func rows(ofDirectory place: Int) -> ArraySlice<PersonRow> {
        let start = people.firstPlace { Int($0.directory) < place }
        let end = people.firstPlace { Int($0.directory) <= place }
        return people[start..<end]
    }
}

extension RandomAccessCollection where Index == Int {
    /// The first place whose element does not stand before what is looked for.
    fileprivate func firstPlace(_ before: (Element) -> Bool) -> Int {
        var (low, high) = (startIndex, endIndex)
        while low < high {
            let middle = low + (high - low) / 2
            if before(self[middle]) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

extension ArraySlice<PersonRow> {
    fileprivate func holds(_ id: ImmutableID) -> Bool {
        let place = firstPlace { $0.id < id }
        return place < endIndex && self[place].id == id
    }
}

import AccessModel
import DirectoryModel
import Reconciliation

/// Users whom the lines of a list may mean, found in one look at everybody.
final class ListedUsers {
    private let rosters: [TargetRoster]
    private var byEmail: [String: [PersonKey]] = [:]
    private var byID: [ImmutableID: [PersonKey]] = [:]
    /// Everybody, for those named by login.
    private lazy var everybody = Set(rosters.flatMap { roster in roster.present.compactMap { roster.key($0) } })

    init(_ texts: [String], in rosters: [TargetRoster]) {
        self.rosters = rosters
        var lengths: Set<UInt32> = []
        for text in texts where text.utf8.contains(UInt8(ascii: "@")) {
            byEmail[text.lowercased()] = []
            lengths.insert(UInt32(truncatingIfNeeded: text.utf8.count))
        }
        // Only of plain letters are both cases equally long.
        let isPlain = byEmail.keys.allSatisfy { $0.utf8.allSatisfy { $0 < 0x80 } }
        for text in texts { if let id = ImmutableID(written: text) { byID[id] = [] } }
        for roster in rosters {
            for row in roster.present {
                if byID[row.id] != nil, let key = roster.key(row) { byID[row.id]?.append(key) }
                guard !byEmail.isEmpty, !isPlain || lengths.contains(row.email.length) else { continue }
                let email = roster.texts[row.email].lowercased()
                if byEmail[email] != nil, let key = roster.key(row) { byEmail[email]?.append(key) }
            }
        }
    }

    func withEmail(_ text: String) -> [PersonKey] { byEmail[text.lowercased()] ?? [] }

    func withID(_ id: ImmutableID) -> [PersonKey] { byID[id] ?? [] }

    func isUser(_ person: PersonKey) -> Bool { everybody.contains(person) }
}

extension TargetRoster {
    /// Managed users who were not removed.
    fileprivate var present: some Sequence<UserRow> { users.lazy.filter { $0.managed && $0.status != .removed } }

    /// Those of the people who are users here.
    func present(of people: [PersonKey]) -> Set<PersonKey> {
        let ids = Set(people.map(\.id))
        return Set(present.filter { ids.contains($0.id) }.compactMap { key($0) }).intersection(people)
    }
}

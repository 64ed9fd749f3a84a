import Reconciliation
import SQLiteRoster
import SyncAgent

/// Opens the roster for the agent.
enum Rosters {
    static func open(_ location: RosterLocation) throws -> OpenRoster {
        let opening = RosterOpening(
            path: location.path, use: location.access == .reading ? .read : .create,
            readers: try group(location.readers))
        let roster = try SQLiteRoster(opening)
        return OpenRoster(
            store: roster,
            recentRuns: { limit in try roster.runs(limit: limit).map(\.record) },
            people: { login in try roster.find(login).map(\.person) },
            close: { try? roster.close() })
    }

    /// Opens the roster to look at it.
    static func reading(_ configuration: AgentConfiguration) throws -> SQLiteRoster {
        try SQLiteRoster(RosterOpening(path: configuration.rosterPath, use: .read))
    }

    private static func group(_ name: String?) throws -> UInt32? {
        guard let name else { return nil }
        guard let number = Account.group(named: name) else {
            throw AgentFailure(
                .badConfiguration, "there is no system group `\(name)`",
                hint: "make it, or take `readers` out of the configuration")
        }
        return number
    }
}

extension AgentFailure {
    init(_ error: RosterError) {
        self.init(ExitStatus(rawValue: error.exitStatus) ?? .bug, error.message, hint: error.hint)
    }
}

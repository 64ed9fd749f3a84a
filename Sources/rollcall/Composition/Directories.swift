import DirectoryModel
import SyncAgent

enum Directories {
    static func open(_ settings: DirectorySettings, _ secrets: SecretReader) throws -> any DirectorySource {
        throw AgentFailure(.bug, "not built")
    }
}
enum Rosters {
    static func open(_ location: RosterLocation) throws -> OpenRoster { throw AgentFailure(.bug, "not built") }
}

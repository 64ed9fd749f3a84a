internal import DirectoryModel

/// Change sequence numbers of OpenLDAP: `time#count#server id#mod`, one for each server that writes.
enum ChangeStamps {
    /// Throws when the server knows less than it did at the last run: a stale replica, or a restored backup.
    ///
    /// A server whose stamps can no longer be read, or that lost a writer, proves nothing either way and passes.
    static func check(
        _ now: DirectoryStamp, against last: DirectoryStamp?, _ settings: SourceSettings
    ) throws(PullFailure) {
        let known = byWriter(now.changeStamps)
        for (writer, stamp) in byWriter(last?.changeStamps ?? []) {
            guard let current = known[writer], current < stamp else { continue }
            throw settings.failure(
                .incomplete,
                "`\(now.server)` is behind: its last change is of \(time(current)), the last run saw one of \(time(stamp))",
                "wait until the replica has caught up, or name another server first in `urls`; after a restore from backup, check the plan")
        }
    }

    /// The newest stamp of each writer.
    private static func byWriter(_ stamps: [String]) -> [String: String] {
        var newest: [String: String] = [:]
        for stamp in stamps {
            let parts = stamp.split(separator: "#", omittingEmptySubsequences: false)
            guard parts.count == 4 else { continue }
            let writer = String(parts[2])
            newest[writer] = max(newest[writer] ?? "", stamp)
        }
        return newest
    }

    private static func time(_ stamp: String) -> String { String(stamp.prefix { $0 != "#" }) }
}

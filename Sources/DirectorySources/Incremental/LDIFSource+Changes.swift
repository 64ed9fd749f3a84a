package import DirectoryModel
internal import LDAPClient

extension LDIFSource {
    /// A file tells nothing of changes, but whether there are any: then it is read whole.
    package func pullChanges(
        _ request: IncrementalRequest, progress: (PullProgress) -> Void
    ) -> IncrementalOutcome {
        let bytes: [UInt8]
        do throws(PullFailure) { bytes = try contents() } catch { return .failed(error) }
        let mirror = request.mirror
        let now = FilePosition.position(of: bytes, mirror.key, settings, request.pull)
        if let difference = request.position.difference(method: now.method, belongsTo: now.belongsTo) {
            return .fullPullNeeded(difference)
        }
        guard request.position.marks == now.marks else { return .fullPullNeeded("`\(path)` changed") }
        let delta = MirrorDelta(
            directory: settings.name, attributes: mirror.attributes, key: mirror.key, links: .staysWithName)
        unread = request.pull
        return .changes(
            IncrementalPull(
                delta: delta, changes: MirrorRowChanges(), position: now,
                stamp: request.pull.lastStamp ?? DirectoryStamp(server: path)))
    }
}

/// A file's content as a position: its keyed hash.
enum FilePosition {
    static func position(
        of bytes: [UInt8], _ key: DNHashKey, _ settings: SourceSettings, _ request: PullRequest
    ) -> SyncPosition {
        let hash = bytes.withUnsafeBytes { key.hash($0) }
        let bases = settings.people.bases + ["and"] + settings.groups.bases
        return SyncPosition(
            method: "file",
            belongsTo: [
                SyncPosition.Part("way of reading", "1"),
                SyncPosition.Part("kind of directory", settings.dialect.kind.rawValue),
                SyncPosition.Part("list of bases", bases.joined(separator: "; ")),
                SyncPosition.Part("filter of people", settings.peopleFilter.text),
                SyncPosition.Part("filter of groups", settings.groupFilter.text),
                SyncPosition.Part("list of attributes", request.attributes.joined(separator: " ")),
                SyncPosition.Part("meaning of attributes", String(describing: settings.attributes)),
            ], marks: [SyncPosition.Part("content", "\(bytes.count) \(hash.high) \(hash.low)")])
    }
}

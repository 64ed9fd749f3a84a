extension Agent {
    /// Remembers where passwords went in the first applied run; later ones change nothing about it.
    func trustFirst(_ desk: WritingDesk) throws(AgentFailure) {
        let places = desk.configuration.directories.flatMap(TrustedPlaces.places)
        guard !places.isEmpty, try TrustedPlaces.read(in: desk.configuration.state) == nil else { return }
        do throws(FileError) { try TrustedPlaces(places).write(in: desk.state) } catch {
            throw AgentFailure(writing: error)
        }
    }

    /// Lets passwords go where the configuration says, and no longer anywhere else.
    ///
    /// `confirm` sees what changes before anything is written.
    package func trust(confirm: (TrustResult) -> Bool) throws(AgentFailure) -> TrustResult {
        let configuration = try configuration()
        let state = try StateDirectory.open(configuration.state)
        let lock = try RunLock.acquire(in: state, holder: holder("trust"))
        defer { lock.release() }
        // A file that cannot be read is what this command is for as well.
        let before = (try? TrustedPlaces.read(in: configuration.state)) ?? nil
        let after = TrustedPlaces(configuration.directories.flatMap(TrustedPlaces.places))
        var result = TrustResult(before: before, after: after)
        guard result.hasChanges, confirm(result) else { return result }
        do throws(FileError) { try after.write(in: state) } catch { throw AgentFailure(writing: error) }
        result.isWritten = true
        if configuration.tellsSystemLog {
            ports.logLine("passwords may go to \(after.places.sorted().map(\.words).joined(separator: ", "))")
        }
        return result
    }
}

/// What `rollcall trust` changes about where passwords may go.
package struct TrustResult: Sendable {
    package enum Change: String, Sendable { case added, removed, kept }

    /// Every place that is or was trusted, in order.
    package let places: [(place: TrustedPlaces.Place, change: Change)]
    package fileprivate(set) var isWritten = false
    package let hasChanges: Bool

    init(before: TrustedPlaces?, after: TrustedPlaces) {
        let known = before?.places ?? []
        places = known.union(after.places).sorted().map { place in
            (place, !after.places.contains(place) ? .removed : known.contains(place) ? .kept : .added)
        }
        hasChanges = before == nil || known != after.places
    }
}

import DirectoryModel
import TestSupport

/// A server over a random world that remembers what it was, and tells what changed since.
final class FollowedWorld {
    private(set) var world: DeltaWorld
    /// What it was at each position that a pull of it was given.
    private var states: [DeltaWorld] = []
    /// Says, once, that only a full pull can tell.
    var doubt: String?
    /// Fails, once.
    var failure: PullFailure?
    /// How often everything was read, changes were read, and somebody was looked for.
    private(set) var pulls = 0
    private(set) var readings = 0
    private(set) var looked = 0
    /// Which of the positions given so far is told as the next; nil for the newest.
    private(set) var restarts = 0

    /// The group that the rules name.
    static let staff = 60

    init(seed: UInt64, links: LinkRule, now: Int64) {
        var world = DeltaWorld(seed: seed, links: links, now: now)
        world.entries[FollowedWorld.staff] = DeltaWorld.Entry(
            dn: "cn=staff,ou=x,dc=y", isPerson: false, isGroup: true, logins: [], title: "")
        // Somebody shows the attribute that rules test, whoever else does.
        let chief = DeltaWorld.Entry(
            dn: "uid=chief,ou=x,dc=y", isPerson: true, isGroup: false, logins: ["chief"], title: "chief")
        world.entries[FollowedWorld.staff + 1] = chief
        world.kept = [FollowedWorld.staff, FollowedWorld.staff + 1]
        self.world = world
        for _ in 0..<12 { _ = self.world.change() }
    }

    func change() -> String { world.change() }

    func random(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &world.numbers) }

    func edit(_ body: (inout DeltaWorld) -> Void) { body(&world) }

    /// Forgets what it was: positions of before mean nothing any more.
    func restart() {
        restarts += 1
        states = []
    }

    fileprivate func position() -> SyncPosition {
        states.append(world)
        return SyncPosition(
            method: "model", belongsTo: [SyncPosition.Part("server", "\(restarts)")],
            marks: [SyncPosition.Part("state", "\(states.count - 1)")])
    }

    fileprivate func state(_ position: SyncPosition) -> DeltaWorld? {
        guard position.difference(method: "model", belongsTo: [SyncPosition.Part("server", "\(restarts)")]) == nil,
            let mark = position.mark("state").flatMap({ Int(String(decoding: $0, as: UTF8.self)) }), mark < states.count
        else { return nil }
        return states[mark]
    }

    fileprivate func count(pull: Int = 0, reading: Int = 0, look: Int = 0) {
        pulls += pull
        readings += reading
        looked += look
    }

    func source() -> any DirectorySource { WorldSource(self) }
}

/// One run's reading of a world.
private final class WorldSource: DirectorySource {
    private let server: FollowedWorld
    private let stamp = DirectoryStamp(server: "ldaps://model", identity: "rollcall")

    init(_ server: FollowedWorld) { self.server = server }

    func pull(_ request: PullRequest, progress: (PullProgress) -> Void) -> PullOutcome {
        if let failure = takeFailure() { return .failed(failure) }
        server.count(pull: 1)
        do {
            let pulled = try server.world.pulled(request)
            var pull = Pull(mirror: pulled.mirror, stamp: stamp)
            if request.key != nil {
                pull.index = pulled.index
                pull.position = server.position()
            }
            return .complete(pull)
        } catch { return .failed(PullFailure(kind: .incomplete, directory: "corp", message: "\(error)", hint: "")) }
    }

    private func takeFailure() -> PullFailure? {
        defer { server.failure = nil }
        return server.failure
    }

    func pullChanges(_ request: IncrementalRequest, progress: (PullProgress) -> Void) -> IncrementalOutcome {
        if let failure = takeFailure() { return .failed(failure) }
        if let doubt = server.doubt {
            server.doubt = nil
            return .fullPullNeeded(doubt)
        }
        guard let old = server.state(request.position) else {
            return .fullPullNeeded("the position is not the server's")
        }
        server.count(reading: 1)
        do {
            let delta = try server.world.delta(since: old, editing: server.world.links == .followsEntry, request.pull)
            var absences: [ImmutableID: AbsenceFinding] = [:]
            for gone in delta.removedPeople { absences[gone.id] = finding(gone.id) }
            return .changes(
                IncrementalPull(
                    delta: delta, changes: try request.mirror.changes(of: delta), absences: absences,
                    position: server.position(), stamp: stamp))
        } catch let doubt as DeltaDoubt {
            return .fullPullNeeded(doubt.text)
        } catch { return .fullPullNeeded("\(error)") }
    }

    private func finding(_ id: ImmutableID) -> AbsenceFinding {
        guard let number = DeltaWorld.number(id), let entry = server.world.entries[number] else { return .gone }
        if entry.isPerson { return .unknown }
        return .outOfScope(dn: entry.dn, state: .enabled)
    }

    func confirmAbsence(of ids: [ImmutableID], knownPresent: ImmutableID) -> AbsenceOutcome {
        server.count(look: ids.count)
        return .answered(ids.map { finding($0) })
    }

    func close() {}
}

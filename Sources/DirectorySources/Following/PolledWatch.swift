internal import DirectoryModel
internal import Glibc
internal import LDAPClient

/// A server that tells nothing by itself: it is asked every few seconds who changed, and those who did are read.
final class PolledWatch: ServerWatch {
    /// How to ask, and how often.
    struct Way {
        var method: LDAPSource.ChangeMethod
        var interval: Duration
    }

    private(set) var marks: FollowerMarks
    private let source: LDAPSource
    private let beginning: LDAPSource.Beginning
    private let feed: any ChangeFeed
    private let unit: RefreshUnit
    private let interval: Duration
    private var next = ContinuousClock.now
    /// A connection is not used for longer than a pull may take.
    private let renewal: ContinuousClock.Instant

    init(
        _ source: LDAPSource, _ beginning: LDAPSource.Beginning, _ marks: FollowerMarks, _ way: Way
    ) throws {
        guard let unit = try source.refreshUnits().first(where: { $0.kind == .people }), marks[unit] != nil else {
            throw ChangeDoubt(text: "there is nothing to follow")
        }
        let nobody = NobodyKnown()
        let request = IncrementalRequest(
            pull: PullRequest(), position: SyncPosition(method: "", belongsTo: [], marks: []), mirror: nobody)
        let questions = try EntryQuestions(source, beginning, request)
        switch (way.method, beginning.detected.domain) {
        case (.changeLog, _): feed = ChangeLogFeed(questions, nobody)
        case (.dirSync, let domain?): feed = DirSyncFeed(questions, domain)
        case (.usn, let domain?): feed = UpdateSequenceFeed(questions, domain)
        case (.times, _):
            throw ChangeDoubt(text: "the server tells changes by times alone, which are for scheduled runs")
        default: throw ChangeDoubt(text: "the server does not say which domain it serves")
        }
        self.source = source
        self.beginning = beginning
        self.marks = marks
        self.unit = unit
        interval = way.interval
        renewal = ContinuousClock.now.advanced(by: source.settings.connection.timeouts.pull / 2)
    }

    var isWornOut: Bool { ContinuousClock.now >= renewal }

    func watch(for wait: Duration, now: Int64) -> FollowerNews {
        let end = ContinuousClock.now.advanced(by: wait)
        while ContinuousClock.now < next {
            if ContinuousClock.now >= end || source.settings.connection.stop?.isRaised == true { return .quiet }
            usleep(50_000)
        }
        next = ContinuousClock.now.advanced(by: interval)
        do throws(PullFailure) { return try ask(now) } catch { return .lost(error) }
    }

    private func ask(_ now: Int64) throws(PullFailure) -> FollowerNews {
        guard let mark = marks[unit] else { return .gap("it is not known where following was") }
        switch try feed.changes(since: mark) {
        case .doubt(let text): return .gap(text)
        case .changes(let told, let next):
            let states = try source.states(of: told.all.sorted(), beginning, now: now)
            marks[unit] = next
            let disabled = Set(states.filter { !$0.value.isEnabled }.keys)
            return disabled.isEmpty ? .quiet : .disabled(disabled)
        }
    }
}

/// A mirror that knows nobody: whoever follows reads every entry anew.
private struct NobodyKnown: MirrorLookup {
    let attributes: [String] = []
    let key = DNHashKey(first: .random(in: 0 ... .max), second: .random(in: 0 ... .max))

    func person(_ id: ImmutableID) -> MirroredPerson? { nil }
    func group(_ id: ImmutableID) -> MirroredGroup? { nil }
    func attributes(ofPerson id: ImmutableID) -> Set<String> { [] }
    func person(named name: DNHash) -> ImmutableID? { nil }
    func group(named name: DNHash) -> ImmutableID? { nil }
    func people(withLogin login: DNHash) -> [ImmutableID] { [] }
    func groups(ofPerson id: ImmutableID) -> [ImmutableID] { [] }
    func groups(ofGroup id: ImmutableID) -> [ImmutableID] { [] }
    func isMember(person id: ImmutableID, of group: ImmutableID) -> Bool { false }
    func isMember(group id: ImmutableID, of group: ImmutableID) -> Bool { false }
    func groups(withLoose name: MemberName) -> [ImmutableID] { [] }
    func looseCount(of name: MemberName, in group: ImmutableID) -> UInt32 { 0 }
    func members(of group: ImmutableID) -> MirroredMembers { MirroredMembers() }
    func everyPerson() -> [ImmutableID] { [] }
    func everyGroup() -> [ImmutableID] { [] }
    func judgedAnew(at now: Int64) -> [PersonChange] { [] }
}

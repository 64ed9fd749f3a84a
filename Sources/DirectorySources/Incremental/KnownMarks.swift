internal import DirectoryModel

/// The marks of a position, read: the cookie of each search, the containers with their names, and who is known to be there.
struct KnownMarks {
    var cookies: [RefreshUnit: [UInt8]]
    /// How far a reading came, and its time, where the server may not have told all of the last changes yet: it goes on from `cookies` until
    /// that is past.
    private var reached: [RefreshUnit: [UInt8]] = [:]
    private var reachedAt: Int64?
    /// Hash of the DN of every entry that others may stand under.
    var containers: [ImmutableID: DNHash]
    /// People who were there: somebody to be found by every read that finds others gone.
    var controls: [ImmutableID]
    /// Groups who were there: their bases may be in suffixes where nobody is.
    var groupControls: [ImmutableID]

    private static let reachedName = "reached by "
    private static let reachedAtName = "time of what was reached"
    /// Seconds after which the server has logged what it named.
    private static let aged: Int64 = 60
    /// No time of a run is later: the year 10000, in seconds since 1970.
    private static let latest: Int64 = 253_402_300_800
    static let containersName = "containers"
    static let controlsName = "known to be there"
    static let groupControlsName = "groups known to be there"
    /// More than one, since any of them may leave.
    static let mostControls = 5

    init(
        cookies: [RefreshUnit: [UInt8]], containers: [ImmutableID: DNHash], controls: [ImmutableID],
        groupControls: [ImmutableID] = []
    ) {
        self.cookies = cookies
        self.containers = containers
        self.controls = controls
        self.groupControls = groupControls
    }

    init(_ position: SyncPosition, _ units: [RefreshUnit]) throws(ChangeDoubt) {
        cookies = [:]
        for unit in units {
            guard let mark = position.mark(unit.mark) else {
                throw ChangeDoubt(text: "the last run did not read the \(unit.mark)")
            }
            cookies[unit] = mark
            reached[unit] = position.mark(KnownMarks.reachedName + unit.mark)
        }
        let time = position.mark(KnownMarks.reachedAtName).flatMap { Int64(String(decoding: $0, as: UTF8.self)) }
        reachedAt = time.flatMap { (0..<KnownMarks.latest).contains($0) ? $0 : nil }
        if reachedAt == nil { reached = [:] }
        containers = [:]
        var bytes = (position.mark(KnownMarks.containersName) ?? [])[...]
        while let id = KnownMarks.takeID(&bytes), bytes.count >= 16 {
            containers[id] = DNHash(high: KnownMarks.word(bytes), low: KnownMarks.word(bytes.dropFirst(8)))
            bytes = bytes.dropFirst(16)
        }
        controls = KnownMarks.ids(position.mark(KnownMarks.controlsName))
        groupControls = KnownMarks.ids(position.mark(KnownMarks.groupControlsName))
    }

    /// The marks as a position holds them.
    var parts: [SyncPosition.Part] {
        var parts = cookies.map { SyncPosition.Part($0.key.mark, $0.value) }
        parts += reached.map { SyncPosition.Part(KnownMarks.reachedName + $0.key.mark, $0.value) }
        if let reachedAt { parts.append(SyncPosition.Part(KnownMarks.reachedAtName, String(reachedAt))) }
        var bytes: [UInt8] = []
        for (id, name) in containers.sorted(by: { $0.key < $1.key }) {
            KnownMarks.append(id, to: &bytes)
            for word in [name.high, name.low] { withUnsafeBytes(of: word.bigEndian) { bytes.append(contentsOf: $0) } }
        }
        parts.append(SyncPosition.Part(KnownMarks.containersName, bytes))
        for (name, ids) in [(KnownMarks.controlsName, controls), (KnownMarks.groupControlsName, groupControls)] {
            bytes = []
            for id in ids { KnownMarks.append(id, to: &bytes) }
            parts.append(SyncPosition.Part(name, bytes))
        }
        return parts
    }

    /// Goes on to where the rounds came; where marks have to age, to where the last reading came that was early enough.
    ///
    /// These rounds began before that, so what the server had not logged then was told now. All searches go on together: who moves from one to
    /// another is told by both.
    mutating func advance(_ rounds: ChangeRounds, _ aging: Int64?) throws(ChangeDoubt) {
        guard let now = aging else {
            cookies = rounds.marks
            (reached, reachedAt) = ([:], nil)
            return
        }
        // Searches that began at one place are of one database, whose marks are good for each of them.
        if let listed = rounds.listed, Set(cookies.values).count == 1 {
            cookies = cookies.mapValues { _ in listed }
            (reached, reachedAt) = ([:], nil)
        }
        for (unit, mark) in reached where !KnownMarks.isContinued(mark, by: rounds.marks[unit]) {
            throw ChangeDoubt(text: SyncDoubt.newerThanServer.text)
        }
        let age = now - (reachedAt ?? now)
        if !reached.isEmpty, (0..<KnownMarks.aged).contains(age) { return }
        if age > 0 { cookies.merge(reached) { $1 } }
        reached = rounds.marks == cookies ? [:] : rounds.marks
        reachedAt = reached.isEmpty ? nil : now
    }

    private static func isContinued(_ mark: [UInt8], by next: [UInt8]?) -> Bool {
        guard let mark = SyncCookie(mark), let next = next.flatMap({ SyncCookie($0) }) else { return false }
        return mark.isContinued(by: next)
    }

    /// Puts people and groups that just came in the place of those that left.
    mutating func renewControls(_ delta: MirrorDelta) {
        KnownMarks.renew(&controls, delta.removedPeople, delta.people.map(\.row.id))
        KnownMarks.renew(&groupControls, delta.removedGroups, delta.groups.map(\.row.id))
    }

    private static func renew(_ controls: inout [ImmutableID], _ removed: [RemovedEntry], _ came: [ImmutableID]) {
        let removed = Set(removed.map(\.id))
        controls.removeAll { removed.contains($0) }
        for id in came where controls.count < mostControls && !controls.contains(id) { controls.append(id) }
    }

    /// People spread over the order of ids and, where there are several bases, those who were seen below each.
    static func controls(_ mirror: Mirror, _ seen: [String: [ImmutableID]]) -> [ImmutableID] {
        let count = mirror.people.count
        let places = Set((0..<mostControls).map { $0 * max(0, count - 1) / (mostControls - 1) })
        let spread = count == 0 ? [] : places.sorted().map { mirror.people[$0].id }
        guard seen.count > 1 else { return spread }
        return spread + Set(seen.values.joined()).subtracting(spread).sorted()
    }

    // MARK: Bytes

    private static func append(_ id: ImmutableID, to bytes: inout [UInt8]) {
        bytes.append(id.count)
        bytes += id.bytes
    }

    private static func ids(_ mark: [UInt8]?) -> [ImmutableID] {
        var ids: [ImmutableID] = []
        var bytes = (mark ?? [])[...]
        while let id = takeID(&bytes) { ids.append(id) }
        return ids
    }

    private static func takeID(_ bytes: inout ArraySlice<UInt8>) -> ImmutableID? {
        guard let count = bytes.first, bytes.count > Int(count) else { return nil }
        defer { bytes = bytes.dropFirst(1 + Int(count)) }
        return ImmutableID(bytes: bytes.dropFirst().prefix(Int(count)))
    }

    private static func word(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }
}

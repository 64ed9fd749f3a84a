import DirectoryModel
import TestSupport
import Testing

/// A mirror after a delta is the mirror of a full pull.
struct MirrorDeltaTests {
    /// Everything that a mirror and its index hold, as text.
    private func lines(_ source: IndexedMirror) -> [String] {
        let mirror = source.mirror
        var lines = MirrorText.lines(mirror)
        lines += zip(mirror.people, source.index.personNames).map { "hash \($0.id) \($0.contentHash) \($1)" }
        for (place, row) in mirror.groups.enumerated() {
            lines.append(
                "dn \(String(decoding: row.dn, as: UTF8.self)) \(row.contentHash) \(source.index.groupNames[place])")
            lines += source.index.loose(of: GroupIndex(place)).map { "loose \($0)" }
        }
        return lines
    }

    /// Applies a history, all of it at once or in parts; nil when all is well, else what differs.
    private func failure(_ seed: UInt64, _ links: LinkRule, changes: Int, perDelta: Int, editing: Bool) throws
        -> String?
    {
        var world = DeltaWorld(seed: seed, links: links)
        var mirror = try world.pulled()
        var read = world
        var done: [String] = []
        for number in 1...changes {
            done.append(world.change())
            guard number % perDelta == 0 || number == changes else { continue }
            mirror = try mirror.applying(try world.delta(since: read, editing: editing))
            read = world
            let expected = lines(try world.pulled())
            let found = lines(mirror)
            guard found != expected else { continue }
            let missing = expected.filter { !found.contains($0) }
            let extra = found.filter { !expected.contains($0) }
            return "seed \(seed) \(links) after \(done)\nexpected \(missing)\nfound \(extra)"
        }
        return nil
    }

    private func check(_ links: LinkRule, editing: Bool) throws {
        for seed in Figures.caseSeeds {
            let perDelta = [1, 2, 5, 12][Int(seed % 4)]
            guard try failure(seed, links, changes: 12, perDelta: perDelta, editing: editing) != nil else { continue }
            // The shortest history of this seed that fails is the one worth reading.
            for changes in 1...12 {
                if let short = try failure(seed, links, changes: changes, perDelta: perDelta, editing: editing) {
                    Issue.record("\(short)")
                    return
                }
            }
        }
    }

    @Test func deltaMakesWhatAFullPullWouldWhereValuesStay() throws { try check(.staysWithName, editing: false) }

    @Test func deltaMakesWhatAFullPullWouldWhereLinksFollow() throws { try check(.followsEntry, editing: false) }

    @Test func membersThatCameAndWentAreEnough() throws { try check(.followsEntry, editing: true) }

    @Test func emptyDeltaChangesNoRow() throws {
        let mirror = try DeltaWorld(seed: 4, links: .staysWithName).pulled()
        let delta = MirrorDelta(
            directory: "corp", attributes: ["title"], key: DeltaWorld.key, links: .staysWithName)
        #expect(try MirrorEdit.changes(delta, MirrorRows(mirror)).isEmpty)
    }

    @Test func entriesReadAgainUnchangedChangeNoRow() throws {
        for seed in 0..<50 as Range<UInt64> {
            let world = DeltaWorld(seed: seed, links: .staysWithName)
            let mirror = try world.pulled()
            var nobody = world
            nobody.entries = [:]
            let everything = try world.delta(since: nobody, editing: false)
            #expect(try MirrorEdit.changes(everything, MirrorRows(mirror)).isEmpty)
        }
    }

    @Test func otherAttributesOrKeyAreInDoubt() throws {
        let mirror = try DeltaWorld(seed: 4, links: .staysWithName).pulled()
        var delta = MirrorDelta(directory: "corp", attributes: [], key: DeltaWorld.key, links: .staysWithName)
        #expect(throws: DeltaDoubt.otherShape) { try mirror.applying(delta) }
        delta.attributes = ["title"]
        delta.key = DNHashKey(first: 0, second: 0)
        #expect(throws: DeltaDoubt.otherShape) { try mirror.applying(delta) }
    }

    @Test func nameOfSomebodyElseIsInDoubt() throws {
        var world = DeltaWorld(seed: 1, links: .staysWithName)
        world.entries = [1: .init(dn: "uid=a,dc=y", isPerson: true, isGroup: false, logins: ["a"], title: "")]
        let mirror = try world.pulled()
        var later = world
        later.entries = [2: .init(dn: "uid=a,dc=y", isPerson: true, isGroup: false, logins: ["b"], title: "")]
        var delta = try later.delta(since: world, editing: false)
        #expect(try mirror.applying(delta).mirror.people.count == 1)
        delta.removedPeople = []
        #expect(throws: DeltaDoubt.self) { try mirror.applying(delta) }
    }

    @Test func changedAndGoneIsAContradiction() throws {
        let world = DeltaWorld(seed: 3, links: .staysWithName)
        let mirror = try world.pulled()
        var nobody = world
        nobody.entries = [:]
        var delta = try world.delta(since: nobody, editing: false)
        let id = try #require(delta.people.first?.row.id)
        delta.removedPeople = [RemovedEntry(id: id)]
        #expect(throws: DeltaDoubt.contradiction(id)) { try mirror.applying(delta) }
    }
}

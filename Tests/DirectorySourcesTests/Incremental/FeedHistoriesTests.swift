import DirectoryModel
import LDAPClient
import TestSupport
import Testing

@testable import DirectorySources

/// Incremental equals full where a server tells who changed: random histories of a model, read by the code that reads real servers.
struct FeedHistoriesTests {
    /// What came of the histories of one kind.
    private struct Figure {
        var tally = ModelFollower.Tally()
        /// Readings during which something changed, and that were the state of the directory all the same.
        var atOnce = 0
        /// People who are gone and still in the mirror.
        var ghosts = 0
    }

    /// As after a full pull; what happens between its beginning and its end is told later.
    private func follower(_ model: FeedModel) throws -> ModelFollower {
        let cookie = try model.start()
        if model.directory.numbers.once(in: 3) { model.change() }
        return ModelFollower(
            try model.pulled(),
            cookies: Dictionary(try model.source.refreshUnits().map { ($0, cookie) }) { first, _ in first },
            containers: model.directory.containers())
    }

    /// Reads what changed, as a run does; false where everything had to be read.
    private func follow(_ model: FeedModel, _ follower: inout ModelFollower, _ figure: inout Figure) throws -> Bool {
        let position = follower.position
        let isApplied = try follower.follow(&figure.tally) { rows in
            let units = try model.source.refreshUnits()
            let request = IncrementalRequest(
                pull: PullRequest(attributes: FeedModel.attributes, now: model.now), position: position, mirror: rows)
            let questions = try EntryQuestions(model.source, model, request)
            let known = try KnownMarks(position, units)
            let server = FeedServer(
                try model.feed(questions, rows), questions, rows, containers: Set(known.containers.keys))
            return ChangePull(
                settings: model.settings, server: server, mirror: rows, links: model.kind.links, units: units)
        }
        if !isApplied {
            model.changesDuringReads = 0
            follower = try self.follower(model)
        }
        return isApplied
    }

    // MARK: What happens

    /// What happens to the server beside changes; true where it was set back, so that older positions are not of the mirror's past.
    private func disturb(_ model: FeedModel) -> Bool {
        let isSetBack = (model.kind.isLog || model.kind.isSequence) && model.directory.numbers.once(in: 8)
        if model.directory.numbers.once(in: 6) { model.backUp() }
        if model.kind.isDomain, model.directory.numbers.once(in: 6) { model.restart() }
        if model.directory.numbers.once(in: 10) { model.forget() }
        if model.kind.isLog, model.directory.numbers.once(in: 15) { model.beginLogAnew() }
        if isSetBack { model.restore() }
        if model.directory.numbers.once(in: 3) {
            model.changesDuringReads = Int.random(in: 1...3, using: &model.directory.numbers)
        }
        model.isLogBehind = model.kind.isLog && model.directory.numbers.once(in: 4)
        return isSetBack
    }

    /// Gives the follower a position that is not the one of its last reading.
    private func harm(_ follower: inout ModelFollower, _ earlier: [SyncPosition], _ model: FeedModel) {
        guard model.directory.numbers.once(in: 5),
            let harm = Scene.Harm.allCases.randomElement(using: &model.directory.numbers), model.kind.takes(harm)
        else { return }
        model.note("position: \(harm)")
        if harm == .stale, let old = earlier.randomElement(using: &model.directory.numbers) { follower.position = old }
        // The same for all of them, as positions are.
        let marks = follower.position.marks.filter { $0.name.contains("ou=") }
        guard let mark = marks.first?.value else { return }
        let harmed = model.harmed(mark, harm)
        follower.position.setCookies { _ in harmed }
    }

    // MARK: Histories

    /// Plays a history; what differs at its first step that goes wrong, nil when none does.
    private func play(_ seed: UInt64, _ kind: FeedModel.Kind, _ figure: inout Figure) throws -> String? {
        let model = try FeedModel(kind, seed: seed)
        var follower = try self.follower(model)
        var earlier: [SyncPosition] = []
        for step in 0..<6 {
            model.note("step \(step)")
            for _ in 0..<Int.random(in: 0...4, using: &model.directory.numbers) { model.change() }
            earlier.append(follower.position)
            if disturb(model) { earlier = [] } else { harm(&follower, earlier, model) }
            let isDisturbed = model.changesDuringReads > 0
            let isApplied = try follow(model, &follower, &figure)
            let isExact = !isDisturbed || kind != .times
            let isState = isApplied && !model.isUntold && isExact
            if isState, let difference = try difference(model, follower, &figure) {
                return "seed \(seed) \(kind) after \(model.done): \(difference)"
            }
            if isState, isDisturbed { figure.atOnce += 1 }
            // What came during the reading may be of it or of the next.
            (model.changesDuringReads, model.isLogBehind) = (0, false)
            _ = try follow(model, &follower, &figure)
            if let difference = try difference(model, follower, &figure) {
                return "seed \(seed) \(kind) after \(model.done) and another reading: \(difference)"
            }
        }
        return nil
    }

    /// What differs from a full pull now; nil when nothing does but what the kind does not tell.
    private func difference(
        _ model: FeedModel, _ follower: ModelFollower, _ figure: inout Figure
    ) throws -> String? {
        let pulled = try model.pulled()
        let there = Set(pulled.mirror.people.map(\.id) + pulled.mirror.groups.map(\.id))
        let all = Set(follower.mirror.mirror.people.map(\.id) + follower.mirror.mirror.groups.map(\.id))
        let ghosts = all.subtracting(there)
        guard !ghosts.isEmpty else {
            return follower.difference(from: pulled) { lines($0, without: [], model.kind.isDomain) }
        }
        for ghost in ghosts {
            guard !model.kind.tellsDeletions, let number = ModelDirectory.number(ghost),
                model.directory.entries[number] == nil
            else { return "`\(ghost)` is still in the mirror" }
        }
        figure.ghosts += ghosts.count
        // Whoever has the login of somebody who is gone is no member by it, as long as nobody knows that.
        let (rows, now) = (MirrorRows(follower.mirror), MirrorRows(pulled))
        let logins = Set(ghosts.compactMap { rows.person($0)?.login })
        let namesakes = there.filter { id in
            [rows.person(id)?.login, now.person(id)?.login].contains { $0.map(logins.contains) ?? false }
        }
        return follower.difference(from: pulled) { lines($0, without: ghosts, namesakes: namesakes, true) }
    }

    /// A mirror as text, without those who are gone and without members who are nobody's, of whom not every server tells.
    ///
    /// Memberships of those who have the login of somebody gone are left out.
    private func lines(
        _ source: IndexedMirror, without ghosts: Set<ImmutableID>, namesakes: Set<ImmutableID> = [],
        _ leavesOutStrangers: Bool
    ) -> [String] {
        guard leavesOutStrangers else { return LDAPFollower.lines(source) }
        let mirror = source.mirror
        let gone = Set(ghosts.map(\.description))
        var lines = LDAPFollower.lines(source).filter { line in
            let words = line.split(separator: " ")
            return ["person", "hash"].contains(words[0]) && !gone.contains(String(words[1]))
        }
        for (place, row) in mirror.groups.enumerated() where !ghosts.contains(row.id) {
            let index = GroupIndex(place)
            let people = mirror.directPeople(of: index).map { mirror.people[Int($0)].id }
            let groups = mirror.directGroups(of: index).map { mirror.groups[Int($0)].id }
            let members = Set(people + groups).subtracting(ghosts.union(namesakes)).sorted()
            lines.append("group \(row.id) \(source.index.groupNames[place]) \(row.name) \(members)")
        }
        return lines
    }

    /// Somebody comes and goes while a log without ids is read: the name tells who it was.
    @Test func newcomerWhoIsDeletedMeanwhileIsGone() throws {
        var figure = Figure()
        #expect(try play(5_219, .changeLogWithoutIDs, &figure) == nil)
    }

    /// Who changes when all changes are read already, and groups are looked at once more, is told in the next reading.
    @Test func changeBesideTheHoldersIsNotLost() throws {
        var figure = Figure()
        for seed in 0..<100 {
            let model = try FeedModel(.changeLog, seed: UInt64(seed))
            var follower = try self.follower(model)
            for _ in 0..<3 { model.change() }
            for count in [1, 0] {
                model.changesBesideHolders = count
                _ = try follow(model, &follower, &figure)
            }
            #expect(try difference(model, follower, &figure) == nil, "seed \(seed) after \(model.done)")
        }
        #expect(figure.tally.applied > 150)
    }

    /// An update that gets its number before others, and can be read after them, is told whenever that is, and once.
    @Test func updateInFlightIsToldInEachRound() throws {
        let model = try FeedModel(.updateSequence, seed: 3)
        model.isBusy = true
        let rows = MirrorRows(try model.pulled())
        let request = IncrementalRequest(
            pull: PullRequest(), position: SyncPosition(method: "usn", belongsTo: [], marks: []), mirror: rows)
        let feed = try model.feed(try EntryQuestions(model.source, model, request), rows)
        var mark = try model.start()
        func told() throws -> Set<ImmutableID> {
            guard case .changes(let ids, let next) = try feed.changes(since: mark) else { return [] }
            mark = next
            return ids.all
        }
        _ = try told()
        for _ in 0..<40 {
            let old = model.directory
            model.change()
            let now = model.directory.entries
            let changed = Set(now.keys).union(old.entries.keys).filter { now[$0]?.stamp != old.entries[$0]?.stamp }
            #expect(try told() == Set(changed.compactMap { ImmutableID(bytes: ModelDirectory.id($0)) }))
            #expect(try told() == [])
        }
    }

    @Test(arguments: FeedModel.Kind.allCases)
    func mirrorThatFollowsAFeedIsThatOfAFullPull(kind: FeedModel.Kind) throws {
        var figure = Figure()
        let seeds = Figures.seeds(Figures.of(50, soak: 10_000))
        for seed in seeds {
            if let failure = try play(seed, kind, &figure) {
                Issue.record("\(failure)")
                return
            }
        }
        let tally = figure.tally
        Figures.note(
            "\(kind): changes followed \(tally.applied), removals \(tally.removals), gone and still there \(figure.ghosts), "
                + "states during changes \(figure.atOnce), doubts \(tally.doubts)")
        guard Figures.hasAllSeeds else { return }
        #expect(tally.applied > 5 * seeds.count)
        #expect(tally.removals > seeds.count / 4)
        #expect(tally.doubts.count > 4)
        #expect(kind == .times || figure.atOnce > seeds.count / 4)
        #expect(kind.tellsDeletions == (figure.ghosts == 0))
    }
}

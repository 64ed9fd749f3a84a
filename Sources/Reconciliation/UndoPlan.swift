import AccessModel
import DirectoryModel
import MappingLanguage

/// What a human wants undone, and why.
package struct UndoAct: Sendable {
    /// The run to undo.
    package var run: Int64
    package var name: String
    package var reason: String
    /// What ran, in one word: `import`.
    package var command: String
    /// Whether the run took over accounts: they are forgotten or unmanaged again, and the platform keeps them.
    package var isOfImport: Bool { UndoAct.takingOver.contains(command) }

    /// The command of a run that undoes an import.
    package static let ofImport = "undo-import"
    /// The commands that take over accounts: the platform has to do nothing about them.
    package static let takingOver: Set<String> = ["import", "link"]

    package init(run: Int64, name: String, reason: String, command: String = "sync") {
        self.run = run
        self.name = name
        self.reason = reason
        self.command = command
    }

    var sentence: String {
        let what = isOfImport ? "undo of the \(command) in run \(run)" : "undo of run \(run)"
        return reason.isEmpty ? what : "\(what): \(reason)"
    }
}

extension Reconciler {
    /// The plan that takes back what a run did, where it is still as that run left it.
    ///
    /// What stays as it is has a finding each. Seats, emails and the least number of admins are kept as in any plan.
    /// `accounts` are those of the target's users.
    package func plan(
        undoing images: RunImages, _ act: UndoAct, roster: TargetRoster, accounts: [KnownAccount] = [], now: Int64
    ) -> TargetPlan {
        var writing = UndoWriting(settings: settings, roster: roster, act: act, now: now)
        writing.read(images)
        writing.pair(accounts)
        writing.check()
        writing.tellOfImport()
        writing.tellOfInvitations()
        return writing.plan(images)
    }
}

/// An undo in the making.
struct UndoWriting {
    let settings: TargetSettings
    let roster: TargetRoster
    let act: UndoAct
    let now: Int64
    var undos: [UserUndo] = []
    var findings: [Finding] = []
    var book: AccessBook
    /// Whose status was changed since, or whose undo was cancelled.
    var leftAsIs: Set<PersonKey> = []
    var joints: [AccountJoint] = []
    private let census: AccessCensus

    init(settings: TargetSettings, roster: TargetRoster, act: UndoAct, now: Int64) {
        self.settings = settings
        self.roster = roster
        self.act = act
        self.now = now
        book = AccessBook(settings: settings, known: roster.accesses)
        census = AccessCensus(roster: roster, accesses: roster.accesses.count)
    }

    mutating func read(_ images: RunImages) {
        var places: [Int64: Int] = [:]
        for (place, row) in roster.users.enumerated() { places[row.user] = place }
        for image in images.users {
            guard let place = places[image.user] else { continue }
            let undo = UserUndo(
                place: place, now: roster.state(of: place), image: image, time: now, isOfImport: act.isOfImport)
            if undo.changedSince.contains("status") { leftAsIs.insert(roster.key(of: place)) }
            if !undo.changedSince.isEmpty {
                let what = undo.changedSince.joined(separator: ", ")
                find("undo.changed-since", .warning, place, "changed since run \(act.run) and left as it is: \(what)")
            }
            for sentence in undo.final { find("undo.final", .note, place, sentence) }
            if undo.changesAnything { undos.append(undo) }
        }
    }

    /// Leaves out what would break a rule that every plan keeps, until nothing does: all that fails at once.
    mutating func check() {
        while cancelWithoutSeat() || cancelTakenEmails() || cancelLastAdmins() || cancelHalves() {}
        undos.removeAll { !$0.changesAnything }
    }

    private mutating func find(_ code: String, _ weight: Finding.Weight, _ place: Int, _ message: String) {
        findings.append(
            Finding(
                code: code, weight: weight, person: roster.key(of: place), label: roster.email(of: place),
                message: message))
    }

    mutating func pools(_ state: UserState) -> [UInt32] {
        book.pools(book.number(of: state.access), state.status)
    }

    private mutating func cancelWithoutSeat() -> Bool {
        var used = census.seatsHeld(in: &book)
        let before = used
        var gains: [(index: Int, pools: [UInt32])] = []
        for index in undos.indices where undos[index].changesAnything {
            let (held, needed) = (pools(undos[index].now), pools(undos[index].wanted))
            for pool in held where !needed.contains(pool) { used[Int(pool)] -= 1 }
            let more = needed.filter { !held.contains($0) }
            if !more.isEmpty { gains.append((index, more)) }
        }
        var cancelsAny = false
        for gain in gains {
            let full = gain.pools.first {
                used[Int($0)] >= max(settings.topology.pools[Int($0)].limit, before[Int($0)])
            }
            guard let full else {
                for pool in gain.pools { used[Int(pool)] += 1 }
                continue
            }
            let (held, needed) = (pools(undos[gain.index].now), pools(undos[gain.index].wanted))
            for pool in held where !needed.contains(pool) { used[Int(pool)] += 1 }
            let name = settings.topology.pools[Int(full)].name
            cancel(gain.index, "undo.no-seat", "left as it is: no seat of `\(name)` is free any more")
            cancelsAny = true
        }
        return cancelsAny
    }

    mutating func cancel(_ index: Int, _ code: String, _ message: String) {
        find(code, .warning, undos[index].place, message)
        undos[index].cancel()
        leftAsIs.insert(roster.key(of: undos[index].place))
    }

    /// An email that was given to somebody else since stays there.
    private mutating func cancelTakenEmails() -> Bool {
        let claims = undos.indices.filter { index in
            let undo = undos[index]
            return undo.changesAnything && undo.wanted.status != .removed
                && (undo.now.status == .removed || undo.now.email != undo.wanted.email)
        }
        if claims.isEmpty { return false }
        var wanted: [Int: [UInt8]?] = [:]
        for undo in undos where undo.changesAnything {
            wanted[undo.place] = undo.wanted.status == .removed ? .some(nil) : undo.wanted.email
        }
        var holders: [UInt64: [(place: Int, email: [UInt8])]] = [:]
        for place in roster.users.indices {
            let email: [UInt8]?
            if let planned = wanted[place] {
                email = planned
            } else {
                email =
                    roster.users[place].status == .removed ? nil : Array(roster.texts.slice(roster.users[place].email))
            }
            if let email { holders[email.withUnsafeBufferPointer(EmailFold.hash), default: []].append((place, email)) }
        }
        var cancelsAny = false
        for index in claims {
            let (place, email) = (undos[index].place, undos[index].wanted.email)
            let hash = email.withUnsafeBufferPointer(EmailFold.hash)
            let isTaken = holders[hash]?.contains { holder in
                holder.place != place
                    && email.withUnsafeBufferPointer { mine in
                        holder.email.withUnsafeBufferPointer { EmailFold.same(mine, $0) }
                    }
            }
            guard isTaken == true else { continue }
            cancel(index, "undo.email-taken", "left as it is: somebody else has the email of before")
            cancelsAny = true
        }
        return cancelsAny
    }

    private mutating func cancelLastAdmins() -> Bool {
        var cancelsAny = false
        for floor in FloorOfAdmins(settings: settings, census: census, book: book).floors {
            func counts(_ state: UserState) -> Bool {
                floor.counts(state.status) && state.managed && state.access.roles.contains { $0.role == floor.role }
            }
            let losers = undos.indices.filter { counts(undos[$0].now) && !counts(undos[$0].wanted) }
            let gained = undos.count { !counts($0.now) && counts($0.wanted) }
            let missing = min(floor.before, floor.least) - (floor.before + gained - losers.count)
            for loser in losers.prefix(max(0, missing)) {
                cancel(
                    loser, "admins.kept",
                    "left as it is: fewer than \(floor.least) active `\(floor.role)` would be left")
                cancelsAny = true
            }
        }
        return cancelsAny
    }

    // Writing.

    mutating func plan(_ images: RunImages) -> TargetPlan {
        var plan = TargetPlan(target: settings.name, mode: settings.mode)
        plan.directories = roster.directories
        plan.protected = roster.protected
        plan.reasons = [.human(name: act.name, reason: act.sentence)]
        var tables = UndoTables(roster: roster)
        let order = undos.sorted { left, right in
            let (one, other) = (left.wanted.email, right.wanted.email)
            return one == other
                ? roster.key(of: left.place) < roster.key(of: right.place) : one.lexicographicallyPrecedes(other)
        }
        for undo in order { tables.write(undo, into: &plan) }
        tables.writeLine(images, leaving: placesLeft(images), into: &plan)
        plan.accounts = joints.compactMap { joint in
            tables.number(of: joint.unmanaged).map { PlannedAccount(account: joint.account, subject: $0) }
        }
        plan.changes.sort { $0.kind == $1.kind ? $0.subject < $1.subject : $0.kind.rawValue < $1.kind.rawValue }
        plan.findings = PlanWriter.sorted(findings)
        plan.ledger = ledger(plan.waiting)
        return plan
    }

    private mutating func ledger(_ waiting: [PlaceInLine]) -> [LedgerRow] {
        var flow = SeatFlow(settings.topology)
        for undo in undos {
            let (now, wanted) = (book.number(of: undo.now.access), book.number(of: undo.wanted.access))
            flow.move(from: (now, undo.now.status), to: (wanted, undo.wanted.status), &book)
        }
        return flow.ledger(roster, waiting: waiting, &book)
    }
}

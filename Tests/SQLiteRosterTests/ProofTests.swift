import AccessModel
import Foundation
import Reconciliation
import SQLiteRoster
import TestSupport
import Testing

/// What is not as the last run left it is noticed, and refused before anything is decided by it.
struct ProofTests {
    @Test func whatIsWrittenIsWhole() throws {
        for seed in Figures.seeds(Figures.of(40, soak: 400)) {
            let (scratch, roster) = try ScratchRoster.filled(seed: seed, nights: 5)
            try roster.record(RandomRun.emptyRecord(90))
            let report = try roster.verify()
            #expect(report.problems == [], "seed \(seed)")
            #expect(report.runs == 6)
            #expect(report.head == (try roster.head()))
            #expect(try roster.load(targets: RandomRun.targets).lastRun == 90)
            withExtendedLifetime(scratch) {}
        }
    }

    /// D18: an edit behind our back stops the next run.
    @Test(arguments: [
        "UPDATE users SET status = 1 - status WHERE user = (SELECT min(user) FROM users WHERE status < 2)",
        "UPDATE users SET email = email || 'x' WHERE user = (SELECT max(user) FROM users)",
        "UPDATE users SET access = access + 1 WHERE user = (SELECT min(user) FROM users WHERE access = 1)",
        "UPDATE users SET version = version + 1 WHERE user = 1",
        "UPDATE users SET reason = coalesce(reason, 0) + 1 WHERE user = 2",
        "UPDATE accesses SET text = 'roles=:owner' WHERE access = 2",
        "UPDATE access_permissions SET permission = 'all'",
        "DELETE FROM user_causes", "DELETE FROM pins", "UPDATE baselines SET run = run - 1",
        "UPDATE seats SET seat_limit = 500", "DELETE FROM waiting", "UPDATE targets SET paused_by = 3",
        "UPDATE approvals_used SET used = 0", "DELETE FROM protected_people", "UPDATE roster SET generation = 7",
        "UPDATE group_sets SET members = CAST(members || x'01' AS BLOB)", "UPDATE digests SET digest = zeroblob(16)",
        "DROP TRIGGER runs_refuses_update; UPDATE runs SET summary = 'x' WHERE run = (SELECT max(run) FROM runs)",
        "DROP TRIGGER runs_refuses_update; UPDATE runs SET started = 99999 WHERE run = (SELECT min(run) FROM runs)",
        "DROP TRIGGER runs_refuses_delete; DROP TRIGGER run_targets_refuses_delete; DELETE FROM run_targets; DELETE FROM runs",
        "DROP TRIGGER runs_refuses_delete; DROP TRIGGER run_targets_refuses_delete; DELETE FROM run_targets; DELETE FROM digests; DELETE FROM runs",
        "UPDATE texts SET text = 'other' WHERE text_number IN (SELECT role FROM waiting)",
        "UPDATE waiting SET label = label || 'x'", "UPDATE waiting SET person = person + 1",
    ])
    func editIsRefused(_ sql: String) throws {
        var noticed = 0
        for seed in UInt64(0)..<4 {
            let (scratch, roster) = try ScratchRoster.filled(seed: seed, nights: 5)
            try roster.close()
            let raw = try RawDatabase(scratch.path)
            let before = try raw.rows("PRAGMA data_version; SELECT total_changes()")
            withExtendedLifetime(before) {}
            try raw.execute("PRAGMA ignore_check_constraints = ON; \(sql)")
            guard try raw.rows("SELECT changes()") != [["0"]] else { continue }
            let edited = try scratch.open(.write)
            let refused = RosterError.kind { _ = try edited.load(targets: RandomRun.targets) }
            #expect([.edited, .damaged].contains(refused), "seed \(seed)")
            noticed += 1
        }
        #expect(noticed > 0)
    }

    /// What no run decides by is found by the look through everything.
    @Test(arguments: [
        "DROP TRIGGER audit_refuses_update; UPDATE audit SET kind = 18 WHERE kind <> 18",
        "DROP TRIGGER audit_refuses_delete; DELETE FROM audit WHERE entry = 3",
        "UPDATE texts SET text = text || '!' WHERE text_number = 1",
        "DROP TRIGGER runs_refuses_update; UPDATE runs SET actor = 'nobody' WHERE run = 2",
        "DROP TRIGGER runs_refuses_delete; DROP TRIGGER run_targets_refuses_delete; DELETE FROM run_targets WHERE run = 2; DELETE FROM runs WHERE run = 2",
        "UPDATE access_users SET users = users + 1", "UPDATE user_emails SET email_key = email_key || 'x'",
        "UPDATE user_images SET email = 'mallory@evil.example' WHERE user = (SELECT min(user) FROM user_images)",
        "DELETE FROM user_images", "UPDATE created_users SET last = last - 1",
        "UPDATE waiting_images SET since = since + 1",
        "DROP TRIGGER approval_uses_refuses_update; UPDATE approval_uses SET people = people + 1",
        "UPDATE seat_history SET held = held + 1", "UPDATE findings SET message = 'all is well'",
        "DELETE FROM findings",
        "DROP TRIGGER audit_refuses_update; UPDATE audit SET scope = 0 WHERE entry = (SELECT min(entry) FROM audit WHERE scope IS NULL)",
        "DROP TRIGGER audit_people_refuses_update; UPDATE audit_people SET person = person + 1000 WHERE entry = 1",
        "DROP TRIGGER audit_people_refuses_delete; DELETE FROM audit_people WHERE entry = 2",
        "INSERT INTO access_users (access, status, users) SELECT max(access), 2, 5 FROM accesses WHERE access NOT IN (SELECT access FROM access_users WHERE status = 2)",
    ])
    func theWholeLookFindsIt(_ sql: String) throws {
        var found = 0
        for seed in UInt64(2)..<6 {
            let (scratch, roster) = try ScratchRoster.filled(seed: seed, nights: 5)
            try roster.close()
            let raw = try RawDatabase(scratch.path)
            try raw.execute(sql)
            guard try raw.rows("SELECT changes()") != [["0"]] else { continue }
            let edited = try scratch.open(.write)
            #expect(try !edited.verify().problems.isEmpty, "seed \(seed)")
            found += 1
        }
        #expect(found > 0)
    }

    /// What undo goes by is looked through before anybody is put back to it.
    @Test func editedImagesUndoNothing() throws {
        let (scratch, roster) = try ScratchRoster.filled(seed: 3, nights: 5)
        let last = try roster.load(targets: []).lastRun
        #expect(try !roster.images(ofRun: last).isEmpty)
        try roster.close()
        try RawDatabase(scratch.path).execute("UPDATE user_images SET email = 'mallory@evil.example'")
        let edited = try scratch.open(.write)
        #expect(RosterError.kind { _ = try edited.images(ofRun: last) } == .edited)
    }

    /// An index that points elsewhere makes no target a new one, whose users would all be invited anew.
    @Test func aTargetIsFoundWithoutItsIndex() throws {
        let (scratch, roster) = try ScratchRoster.filled(seed: 12, nights: 4)
        let whole = RosterMeaning(try roster.load(targets: RandomRun.targets))
        try roster.close()
        try RawDatabase(scratch.path).execute(
            """
            PRAGMA writable_schema = ON; UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema
              WHERE name = 'sqlite_autoindex_attributes_1') WHERE name = 'sqlite_autoindex_targets_1'
            """)
        let damaged = try scratch.open(.read)
        let read = RosterMeaning(try damaged.load(targets: RandomRun.targets))
        #expect(read == whole)
    }

    @Test func acceptedRosterGoesOnAndStaysProvable() throws {
        let (scratch, roster) = try ScratchRoster.filled(seed: 6, nights: 3)
        try roster.close()
        try RawDatabase(scratch.path).execute("UPDATE users SET name = 'Somebody' WHERE user = 1")
        let edited = try scratch.open(.write)
        #expect(RosterError.kind { _ = try edited.load(targets: RandomRun.targets) } == .edited)
        try edited.accept(RandomRun.emptyRecord(50, outcome: .applied))
        var dice = Dice(seed: 1)
        try edited.apply(RandomRun.make(after: try edited.load(targets: RandomRun.targets), &dice))
        #expect(try edited.verify().problems == [])
    }

    /// Somebody in line is known by another id from a run on that plans as well.
    @Test(arguments: [false, true]) func newIDsOfWhoWaitsStayProvable(inAnotherDirectory: Bool) throws {
        var moved = 0
        for seed in UInt64(0)..<8 {
            let (scratch, roster) = try ScratchRoster.filled(seed: seed, nights: 3)
            let before = try roster.load(targets: RandomRun.targets)
            var dice = Dice(seed: seed)
            var run = RandomRun.make(after: before, &dice)
            guard let target = before.targets.first(where: { !$0.waiting.isEmpty }) else { continue }
            let old = target.waiting[0].person
            let home = RandomMirror.directories.first { ($0 != old.directory) == inAnotherDirectory } ?? ""
            run.newIDs = [IDChange(directory: old.directory, old: old.id, new: madeUpID(900), newDirectory: home)]
            // Within a directory every group is read anew.
            if inAnotherDirectory { run.mirror = nil }
            var plan = TargetPlan(target: target.target, mode: .manage)
            plan.waiting = target.waiting.map { place in
                var place = place
                if place.person == old { place.person = PersonKey(directory: home, id: madeUpID(900)) }
                return place
            }
            run.plans = [plan]
            try roster.apply(run)
            let problems = try roster.verify().problems
            #expect(problems == [], "seed \(seed): \(problems)")
            let after = try roster.load(targets: [target.target])
            #expect(after.targets.first?.waiting.contains { $0.person.id == madeUpID(900) } == true, "seed \(seed)")
            moved += 1
            withExtendedLifetime(scratch) {}
        }
        #expect(moved > 0)
    }

    /// A way in which a file comes to be other than it was written.
    enum Damage: String, CaseIterable {
        case bit, bytes, zeroPage, swappedPages

        func apply(to bytes: inout Data, _ dice: inout Dice) {
            let pages = bytes.count / 4096
            switch self {
            case .bit:
                let bit = dice.below(bytes.count * 8)
                bytes[bit / 8] ^= 1 << UInt8(bit % 8)
            case .bytes:
                let place = dice.below(bytes.count - 64)
                for offset in 0...dice.below(64) { bytes[place + offset] = UInt8(dice.below(256)) }
            case .zeroPage:
                let page = dice.below(pages)
                bytes.replaceSubrange((page * 4096)..<((page + 1) * 4096), with: Data(count: 4096))
            case .swappedPages:
                let (one, other) = (dice.below(pages), dice.below(pages))
                let first = Data(bytes[(one * 4096)..<((one + 1) * 4096)])
                let second = Data(bytes[(other * 4096)..<((other + 1) * 4096)])
                bytes.replaceSubrange((one * 4096)..<((one + 1) * 4096), with: second)
                bytes.replaceSubrange((other * 4096)..<((other + 1) * 4096), with: first)
            }
        }
    }

    /// D9 and F4: of damage none crashes the reader, what is read in spite of it is what was written, and the look through
    /// everything finds the rest.
    @Test(arguments: Damage.allCases) func damageNeverDecidesAnything(_ damage: Damage) throws {
        let (scratch, roster) = try ScratchRoster.filled(seed: 12, nights: 4)
        let whole = RosterMeaning(try roster.load(targets: RandomRun.targets))
        let dump = Set(try roster.dump().split(separator: "\n"))
        try roster.close()
        let bytes = try scratch.bytes()
        let copy = try ScratchRoster()
        var dice = Dice(seed: 77)
        var (refused, found, harmless) = (0, 0, 0)
        var unnoticed: [String: Int] = [:]
        var lines: [String] = []
        let isSmall = damage == .bit || damage == .bytes
        for round in 0..<Figures.of(isSmall ? 150 : 30, soak: damage == .bit ? 10_000 : 3_400) {
            var damaged = bytes
            damage.apply(to: &damaged, &dice)
            try damaged.write(to: URL(fileURLWithPath: copy.path))
            #expect(chmod(copy.path, 0o600) == 0)
            do {
                let opened = try copy.open(.read)
                defer { try? opened.close() }
                let read = RosterMeaning(try opened.load(targets: RandomRun.targets))
                let isSame = read == whole
                #expect(isSame, "\(damage), round \(round)")
                guard try opened.verify().problems.isEmpty else {
                    found += 1
                    continue
                }
                let other = dump.symmetricDifference(try opened.dump().split(separator: "\n"))
                if other.isEmpty { harmless += 1 }
                lines += other.sorted().prefix(4).map { "round \(round): \($0)" }
                for part in Set(other.map { String($0.prefix { $0 != " " }) }) { unnoticed[part, default: 0] += 1 }
            } catch is RosterError {
                refused += 1
            }
        }
        #expect(refused > 0)
        #expect(unnoticed.isEmpty, "\(lines.joined(separator: "\n"))")
        let parts = unnoticed.sorted { $0.key < $1.key }.map { "\($0.value) in \($0.key)" }.joined(separator: ", ")
        Figures.note(
            "damage to a roster, \(damage): \(refused) refused, \(found) found by the look through everything, "
                + "\(harmless) without effect, unnoticed: \(parts.isEmpty ? "none" : parts)")
    }

    /// What is stored of the directory is looked through too.
    @Test(arguments: [
        "UPDATE mirror_people SET state = 1 - state WHERE person = (SELECT min(person) FROM mirror_people WHERE state < 2 AND record IS NOT NULL)",
        "UPDATE mirror_people SET record = CAST(record || x'01' AS BLOB) WHERE record IS NOT NULL",
        "UPDATE mirror_people SET last_sign_in = 77 WHERE record IS NOT NULL",
        "DELETE FROM person_keys WHERE pair = (SELECT max(pair) FROM person_keys)",
        "DELETE FROM group_people WHERE pair = (SELECT max(pair) FROM group_people)",
        "DELETE FROM person_groups WHERE pair = (SELECT max(pair) FROM person_groups)",
        "DELETE FROM group_groups WHERE pair = (SELECT max(pair) FROM group_groups)",
        "UPDATE mirror_groups SET name = CAST('other' AS BLOB) WHERE grp = (SELECT min(grp) FROM mirror_groups)",
        "UPDATE mirror_entries SET hash = hash + 1 WHERE hash IS NOT NULL",
        "UPDATE mirror_entries SET person = person + 1 WHERE person = (SELECT max(person) FROM mirror_entries)",
    ])
    func mirrorIsLookedThrough(_ sql: String) throws {
        let (scratch, roster) = try ScratchRoster.filled(seed: 2, nights: 5)
        #expect(try roster.verify().problems == [])
        try roster.close()
        try RawDatabase(scratch.path).execute(sql)
        #expect(try scratch.open(.write).verify().problems.contains { $0.contains("mirror") })
    }

    /// D10: a file that is cut anywhere is refused, or is the whole roster.
    @Test func cutFileIsRefused() throws {
        let (scratch, roster) = try ScratchRoster.filled(seed: 13, nights: 3)
        let whole = try roster.dump()
        try roster.close()
        let bytes = try scratch.bytes()
        let copy = try ScratchRoster()
        let step = Figures.of(512 * 9, soak: 512)
        for length in stride(from: 512, to: bytes.count, by: step) {
            try bytes.prefix(length).write(to: URL(fileURLWithPath: copy.path))
            #expect(chmod(copy.path, 0o600) == 0)
            do {
                let opened = try copy.open(.read)
                let isWhole = try opened.verify().problems.isEmpty && opened.dump() == whole
                #expect(isWhole, "\(length) bytes")
            } catch is RosterError {}
        }
    }

    /// A flipped bit makes a number 0 a value of no bytes, which reads as 0.
    @Test(arguments: [
        ("waiting", "for_pace", "for_pace = 0"), ("users", "managed", "managed = 0"),
    ])
    func somethingElseWhereANumberStoodIsNoticed(table: String, column: String, rows: String) throws {
        let (scratch, roster) = try ScratchRoster.filled(seed: 12, nights: 4)
        let targets = RandomRun.targets
        try roster.close()
        let raw = try RawDatabase(scratch.path)
        #expect(try raw.rows("SELECT 1 FROM \(table) WHERE \(rows)").count > 0)
        let schema = try raw.rows("SELECT sql FROM sqlite_schema WHERE name = '\(table)'")[0][0] ?? ""
        try raw.execute(
            "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, 'STRICT', '') WHERE name = '\(table)'"
        )
        try RawDatabase(scratch.path).execute(
            "PRAGMA ignore_check_constraints = ON; UPDATE \(table) SET \(column) = x'' WHERE \(rows)")
        try RawDatabase(scratch.path).execute(
            "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = '\(schema.replacing("'", with: "''"))' WHERE name = '\(table)'"
        )
        let edited = try scratch.open(.write)
        let refusal = RosterError.kind { _ = try edited.load(targets: targets) }
        let problems = (try? edited.verify().problems) ?? ["refused"]
        #expect(refusal != nil || !problems.isEmpty)
    }
}

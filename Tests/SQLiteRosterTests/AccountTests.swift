import AccessModel
import DirectoryModel
import Reconciliation
import SQLiteRoster
import TestSupport
import Testing

/// Which account of the platform is which user's.
struct AccountTests {
    private func plan(_ users: [(id: Int, email: String, account: String)], known: TargetRoster? = nil) -> TargetPlan {
        var plan = TargetPlan(target: "desk", mode: .manage)
        plan.directories = ["corp", ""]
        for (place, user) in users.enumerated() {
            let id = madeUpID(user.id)
            let old = known?.users.first { $0.id == id }
            let email = plan.texts.append(Array(user.email.utf8))
            let row = UserRow(
                user: old?.user ?? 0, id: id, email: email, name: .empty, lastSignIn: Int64.min, since: 1, access: 0,
                groupSet: 0, reason: UserRow.keepsReason, version: (old?.version ?? 0) + 1,
                directory: user.id < 100 ? 0 : 1, status: .active, managed: user.id < 100)
            plan.subjects.append(
                Subject(
                    row: row, version: old?.version ?? 0, id: id, email: email, name: .empty,
                    directory: row.directory, person: nil))
            plan.accounts.append(PlannedAccount(account: user.account, subject: UInt32(place)))
        }
        return plan
    }

    private func apply(_ plan: TargetPlan, to roster: SQLiteRoster) throws {
        let loaded = try roster.load(targets: [])
        try roster.apply(
            RunToApply(
                record: RandomRun.emptyRecord(loaded.lastRun + 1, outcome: .applied), generation: loaded.generation,
                mirror: nil, stamps: [:], pins: [], plans: [plan]))
    }

    @Test func accountsAreKeptWithTheirUsers() throws {
        let scratch = try ScratchRoster()
        let roster = try scratch.open()
        #expect(try roster.accounts(target: "desk") == [])
        try apply(plan([(2, "b@x.example", "u-2"), (1, "a@x.example", "ü"), (101, "c@x.example", "U-2")]), to: roster)
        let target = try roster.load(targets: ["desk"]).targets[0]
        let emails = try roster.accounts(target: "desk").map { known in
            let row = try #require(target.users.first { $0.user == known.user })
            return "\(known.account) \(target.texts[row.email]) \(row.managed)"
        }
        #expect(emails == ["U-2 c@x.example false", "u-2 b@x.example true", "ü a@x.example true"])
        #expect(try roster.accounts(target: "office") == [])
        #expect(
            try RawDatabase(scratch.path).rows("SELECT account, email, managed FROM roster_accounts ORDER BY account")
                == [["U-2", "c@x.example", "0"], ["u-2", "b@x.example", "1"], ["ü", "a@x.example", "1"]])
    }

    @Test func anAccountIsOneUsersAndAUserHasOne() throws {
        let scratch = try ScratchRoster()
        let roster = try scratch.open()
        try apply(plan([(1, "a@x.example", "u-1"), (2, "b@x.example", "u-2")]), to: roster)
        let first = try roster.load(targets: ["desk"]).targets[0]
        try apply(plan([(1, "a@x.example", "u-2")], known: first), to: roster)
        let anna = try #require(first.users.first { $0.id == madeUpID(1) })
        #expect(try roster.accounts(target: "desk") == [KnownAccount(account: "u-2", user: anna.user)])
    }

    @Test func unmanagedUsersComeLastAndHaveNoPerson() throws {
        let scratch = try ScratchRoster()
        let roster = try scratch.open()
        try apply(plan([(101, "a@x.example", "u-1"), (1, "b@x.example", "u-2")]), to: roster)
        let target = try roster.load(targets: ["desk"]).targets[0]
        #expect(target.users.map(\.managed) == [true, false])
        #expect(
            try RawDatabase(scratch.path).rows(
                "SELECT email, directory FROM roster_users WHERE person_id IS NULL") == [["a@x.example", ""]])
        #expect(try roster.users(UserQuery(managed: false)).map(\.email) == ["a@x.example"])
    }
}

import AccessModel
import Reconciliation
import Testing

@testable import SyncAgent

/// Nobody is inactive by what a list of sign-ins does not tell.
struct SignInFeedTests {
    private static let day: Int64 = 86_400

    @Test(
        arguments: [
            ([], nil, nil), ([], 500, nil), ([400, 900], nil, 900), ([400], 500, 500), ([900, 1_200], 500, 900),
            ([1_200], 500, nil), ([900], 2_000, 1_000),
        ] as [([Int64], Int64?, Int64?)])
    func theFeedReachesAsFarAsItsLatestSignIn(signIns: [Int64], before: Int64?, expected: Int64?) {
        #expect(SignInFeed.time(of: signIns, before: before, now: 1_000) == expected)
    }

    /// 20 users, two of whom signed in for the last time 100 days ago, as imported then.
    private func company() throws -> SmallCompany {
        let company = try SmallCompany()
        company.config = "    policy: {new: activate, inactive: {after: 90d, do: suspend}}"
        try company.sync()
        company.sleep(hours: 1)
        let time = TimeText.text(company.now)
        try update(company, "email,last_sign_in\np1@example.org,\(time)\np2@example.org,\(time)\n")
        company.now += 100 * Self.day
        return company
    }

    @discardableResult
    private func update(_ company: SmallCompany, _ text: String) throws -> ImportResult {
        try company.agent().importSignIns(path: company.directory.write("signins.csv", text), target: "desk")
    }

    private func suspended(_ company: SmallCompany) throws -> Int {
        try company.plan().plans[0].changes.count { $0.kind == .suspend }
    }

    @Test(arguments: [
        "email,last_sign_in\n", "email,accepted\np3@example.org,true\n", "email,last_sign_in\np3@example.org,never\n",
        "email,last_sign_in\nstranger@example.org,2027-04-24\n", "email,last_sign_in\np3@example.org,2099-01-01\n",
    ])
    func anUpdateWithoutASignInMakesNobodyInactive(list: String) throws {
        let company = try company()
        let result = try update(company, list)
        #expect(!result.hasSignIns)
        #expect(result.signInsUntil == company.now - 100 * Self.day)
        #expect(try suspended(company) == 0)
    }

    @Test func anOldListMakesNobodyInactiveAndAFreshOneDoes() throws {
        let company = try company()
        try update(company, "email,last_sign_in\np3@example.org,\(TimeText.text(company.now - 30 * Self.day))\n")
        #expect(try suspended(company) == 0)
        let result = try update(company, "email,last_sign_in\np3@example.org,\(TimeText.text(company.now - 3600))\n")
        #expect(result.signInsUntil == company.now - 3600)
        #expect(try suspended(company) == 2)
    }

    @Test func anAdoptedListReachesAsFarAsItsLatestSignIn() throws {
        let company = try company()
        let old = TimeText.text(company.now - 50 * Self.day)
        let path = try company.directory.write(
            "users.csv", "account,email,role,last_sign_in\nu-3,p3@example.org,User,\(old)\n")
        _ = try company.agent().adopt(AdoptionRequest(path: path, target: "desk", extras: .report, isDryRun: false))
        #expect(try suspended(company) == 0)
    }
}

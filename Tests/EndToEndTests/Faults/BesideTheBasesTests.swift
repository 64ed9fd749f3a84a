import Foundation
import TestSupport
import Testing

/// A part of the directory beside every base that is elsewhere, or closed to the account: nights and runs between them work; who is gone is only
/// told where that can be known.
struct BesideTheBasesTests {
    private static let sync = "cn=sync,\(SlapdFixture.suffix)"

    @Test func referral() throws {
        let slapd = try SlapdFixture(
            ldif: Company.firstNight(20) + SampleCompany.abroad, options: .init(overlays: [.syncprov]))
        try play(
            try Site(server: Site.plain(slapd.url)), isToldWhoIsGone: false,
            disable: { try slapd.replace("employeeType", of: SampleCompany.personDN("p5"), with: ["disabled"]) },
            delete: { try slapd.delete(SampleCompany.personDN("p7")) })
    }

    /// With code 32, and with 50.
    @Test(arguments: ["none", "disclose"]) func accountThatMayReadTheBases(rest: String) throws {
        let branches = ["ou=people", "ou=groups"].map {
            "access to dn.subtree=\"\($0),\(SlapdFixture.suffix)\" by dn.exact=\"\(BesideTheBasesTests.sync)\" read"
        }
        let slapd = try SlapdFixture(
            ldif: Company.firstNight(20),
            options: .init(
                database: branches + [
                    "access to attrs=userPassword by anonymous auth by * none", "access to * by * \(rest)",
                ], overlays: [.syncprov]))
        let site = try Site(server: Site.plain(slapd.url, as: BesideTheBasesTests.sync))
        try site.setPassword("sync secret")
        try play(
            site, isToldWhoIsGone: false,
            disable: { try slapd.replace("employeeType", of: SampleCompany.personDN("p5"), with: ["disabled"]) },
            delete: { try slapd.delete(SampleCompany.personDN("p7")) })
    }

    @Test func childDomain() throws {
        let stub = try ADStub(ProtocolFault.domain())
        stub.configure {
            $0.hasChild = true
            $0.mayReadDeleted = true
        }
        try play(
            try Site(activeDirectory: stub.url), isToldWhoIsGone: true,
            disable: { stub.change { $0.set("CN=p5,\(ProtocolFault.people)", "userAccountControl", ["514"]) } },
            delete: { stub.change { $0.delete("CN=p7,\(ProtocolFault.people)") } })
    }

    /// Somebody is disabled and somebody deleted between two nights; then nights pass.
    private func play(
        _ quiet: Site, isToldWhoIsGone: Bool, disable: () throws -> Void, delete: () throws -> Void
    ) throws {
        var site = quiet
        _ = try site.prepare()
        let before = try users(site)
        try disable()
        site.hour = 1
        let plan = try site.run(["plan", "--incremental"]).text
        #expect(plan.contains("read of corp: what changed, 1 person"), "\(plan)")
        let first = try site.run(["sync", "--incremental", "--yes"])
        #expect(first.status == 0, "\(first.message)")
        #expect(try users(site) == before.filter { $0 != "p5@example.org" })
        try delete()
        site.hour = 2
        let second = try site.run(["sync", "--incremental", "--yes"])
        #expect(second.status == 0, "\(second.message)")
        for hour in [24, 48, 72] {
            site.hour = hour
            let night = try site.sync()
            #expect(night.status == 0, "\(night.message)")
        }
        let gone = isToldWhoIsGone ? ["p5@example.org", "p7@example.org"] : ["p5@example.org"]
        #expect(try users(site) == before.filter { !gone.contains($0) })
        #expect(try site.run(["plan"]).text.contains("[user.absence-unconfirmed ") == !isToldWhoIsGone)
    }

    private func users(_ site: Site) throws -> [String] {
        let child = try Child(
            try Command.path("sqlite3"),
            [
                site.folder.path("state/roster.sqlite"),
                "SELECT email FROM roster_users WHERE status IN ('invited', 'active') ORDER BY 1",
            ], in: site.folder.url.path)
        return try child.end().text.split(separator: "\n").map(String.init)
    }
}

import LDAPClient
import TestSupport
import Testing

/// Accounts that 389 Directory Server and Samba do not let in say why, in their own words.
struct RealAccountTests {
    private func fault(_ url: String, _ account: Account, tls: Bool = false) throws -> AccountFault? {
        var settings = ConnectionSettings(
            timeouts: Timeouts(connect: .seconds(10), idle: .seconds(10), pull: .seconds(60)))
        if tls {
            settings.tls = TLSSettings(mode: .ldaps, caFile: try TestCertificates.shared.get().authorityFile)
        }
        let connection = try LDAPConnection(to: try #require(LDAPURL(url)), settings: settings)
        do { try connection.bind(account.bind) } catch {
            guard case .account(let fault) = error.problem else {
                throw Command.Failure(description: "\(error.code): \(error.serverText)")
            }
            return fault
        }
        return nil
    }

    private func expect(_ expected: AccountFault?, _ url: String, _ account: Account, tls: Bool = false) throws {
        let found = try fault(url, account, tls: tls)
        #expect(found == expected, "\(account.dn)")
    }

    @Test func accountsOf389() throws {
        func person(_ name: String, _ number: Int, _ more: [String]) -> String {
            SampleCompany.person(name, number: number, more: ["userPassword: canary"] + more)
        }
        let server = try DS389Fixture(
            ldif: SampleCompany.frame + person("good", 1, []) + person("inactive", 2, ["nsAccountLock: TRUE"])
                + person("expired", 3, ["passwordExpirationTime: 20010101000000Z"]) + person("locked", 4, []),
            options: .init(
                changes: """
                    dn: cn=config
                    changetype: modify
                    replace: passwordLockout
                    passwordLockout: on
                    -
                    replace: passwordMaxFailure
                    passwordMaxFailure: 1
                    -
                    replace: passwordExp
                    passwordExp: on

                    """))
        func account(_ name: String, _ password: String = "canary") -> Account {
            Account(dn: SampleCompany.personDN(name), password: password)
        }
        try expect(nil, server.url, account("good"))
        try expect(.disabled, server.url, account("inactive"))
        try expect(.passwordExpired, server.url, account("expired"))
        #expect(throws: Command.Failure.self) { _ = try fault(server.url, account("locked", "wrong")) }
        try expect(.locked, server.url, account("locked"))
    }

    @Test func accountsOfSamba() throws {
        let server = try SambaFixture()
        let account = server.ordinary
        try expect(nil, server.tlsURL, account, tls: true)
        try expect(.wrongPassword, server.tlsURL, Account(dn: account.dn, password: "wrong"), tls: true)
        try server.replace("accountExpires", of: account.dn, with: ["125911584000000000"])
        try expect(.expired, server.tlsURL, account, tls: true)
        try server.replace("accountExpires", of: account.dn, with: ["0"])
        try server.replace("userAccountControl", of: account.dn, with: ["514"])
        try expect(.disabled, server.tlsURL, account, tls: true)
    }
}

import LDAPClient
import TestSupport
import Testing

/// What a server that does not let us in says of the account, and that it is never asked twice.
struct BindTests {
    private static let timeouts = Timeouts(connect: .milliseconds(400), idle: .seconds(2), pull: .seconds(20))

    private func open(_ url: String) throws -> LDAPConnection {
        try LDAPConnection(
            to: try #require(LDAPURL(url)), settings: ConnectionSettings(timeouts: BindTests.timeouts))
    }

    private func simple(_ password: String = "canary") -> BindMethod {
        .simple(dn: "cn=rollcall,dc=example,dc=org", password: Secret(Array(password.utf8)))
    }

    private func failure(_ url: String, _ account: BindAccount) throws -> LDAPError {
        let connection = try open(url)
        do { try connection.bind(account) } catch { return error }
        throw Command.Failure(description: "let in")
    }

    private static func policy(_ parts: [UInt8]) -> ResponseControl {
        ResponseControl(oid: "1.3.6.1.4.1.42.2.27.8.5.1", value: [0x30, UInt8(parts.count)] + parts)
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var code: Int
        var text = ""
        var controls: [ResponseControl] = []
        var fault: AccountFault
        var testDescription: String { "\(fault) by \(code) \(text)" }
    }

    private static func directory(_ number: String, _ fault: AccountFault) -> Case {
        Case(
            code: 49,
            text: "80090308: LdapErr: DSID-0C090439, comment: AcceptSecurityContext error, data \(number), v4563",
            fault: fault)
    }

    static let cases = [
        directory("525", .unknownAccount), directory("52e", .wrongPassword), directory("530", .notNow),
        directory("531", .notFromHere), directory("532", .passwordExpired), directory("533", .disabled),
        directory("701", .expired), directory("773", .mustChangePassword), directory("775", .locked),
        Case(code: 49, controls: [policy([0x81, 1, 0])], fault: .passwordExpired),
        Case(code: 49, controls: [policy([0x81, 1, 1])], fault: .locked),
        Case(code: 0, controls: [policy([0x81, 1, 2])], fault: .mustChangePassword),
        Case(
            code: 49, text: "password expired!",
            controls: [ResponseControl(oid: "2.16.840.1.113730.3.4.4", value: [0x30])], fault: .passwordExpired),
        Case(
            code: 0, controls: [ResponseControl(oid: "2.16.840.1.113730.3.4.4", value: [0x30])],
            fault: .mustChangePassword),
        Case(code: 19, text: "Exceed password retry limit. Please try later.", fault: .locked),
        Case(code: 53, text: "Account inactivated. Contact system administrator.", fault: .disabled),
        Case(code: 53, text: "Too many failed logins.", fault: .locked),
    ]

    @Test(arguments: cases)
    func causeIsNamedAndNothingSentAgain(refusal: Case) throws {
        let server = try ScriptedServer {
            .send(ServerMessage.result(0x61, $0, code: refusal.code, text: refusal.text, controls: refusal.controls))
        }
        let account = BindAccount(simple())
        for _ in 0..<3 {
            let error = try failure(server.url, account)
            #expect(error.problem == .account(refusal.fault), "\(error)")
            #expect(error.resultClass == .refused)
            #expect(!error.leadsToNextServer && !error.isTransient)
            #expect(!error.message.contains("canary"))
        }
        #expect(server.binds == 1)
        #expect(account.refusal != nil)
    }

    @Test(arguments: [1, 2, 7, 8, 13, 34, 48, 49, 50, 53, 80, 4096])
    func otherRefusalsAreFinalToo(code: Int) throws {
        let server = try ScriptedServer { .send(ServerMessage.result(0x61, $0, code: code)) }
        let account = BindAccount(simple())
        for _ in 0..<3 { #expect(try failure(server.url, account).problem == .bindFailed) }
        #expect(server.binds == 1)
    }

    @Test(arguments: [51, 52])
    func busyServerIsNoRefusal(code: Int) throws {
        let server = try ScriptedServer { .send(ServerMessage.result(0x61, $0, code: $0.number < 4 ? code : 0)) }
        let account = BindAccount(simple())
        for _ in 0..<4 { #expect(try failure(server.url, account).leadsToNextServer) }
        try open(server.url).bind(account)
        #expect(account.isAccepted)
    }

    @Test func bindsThatNobodyAnswersAreFew() throws {
        let server = try ScriptedServer { $0.number % 2 == 0 ? .nothing : .close }
        let account = BindAccount(simple())
        #expect(try failure(server.url, account).problem == .timedOut(.bind))
        #expect(try failure(server.url, account).problem == .disconnected)
        for _ in 0..<3 { #expect(try failure(server.url, account).problem == .bindUnanswered(count: 3)) }
        #expect(server.binds == BindAccount.maximumUnanswered)
    }

    @Test func credentialsThatWereTakenOnceMayBeSentOften() throws {
        let server = try ScriptedServer { request in
            request.number < 8 && request.number != 0
                ? .close : .send(ServerMessage.result(0x61, request, code: request.number < 10 ? 0 : 49))
        }
        let account = BindAccount(simple())
        try open(server.url).bind(account)
        for _ in 1..<8 { #expect(try failure(server.url, account).problem == .disconnected) }
        for _ in 8..<10 { try open(server.url).bind(account) }
        for _ in 0..<3 { #expect(try failure(server.url, account).problem == .bindFailed) }
        #expect(server.binds == 11)
    }

    /// Whoever says the same to the same server is one account, from whichever directory, until refusals are forgotten.
    @Test func whatWasRefusedIsSentByNobodyElse() throws {
        let server = try ScriptedServer { .send(ServerMessage.result(0x61, $0, code: 49)) }
        let accounts = BindAccounts()
        #expect(try failure(server.url, accounts.account(simple(), at: ["one:389"])).problem == .bindFailed)
        for servers in [["one:389"], ["two:389", "one:389"], ["two:389"]] as [Set<String>] {
            #expect(try failure(server.url, accounts.account(simple(), at: servers)).problem == .bindFailed)
        }
        #expect(server.binds == 1)
        let others = [
            accounts.account(simple("another"), at: ["one:389"]), accounts.account(simple(), at: ["three:389"]),
            accounts.account(simple(), proof: "renewed", at: ["one:389"]), accounts.account(.external, at: ["one:389"]),
            accounts.account(
                .simple(dn: "cn=other,dc=example,dc=org", password: Secret(Array("canary".utf8))), at: ["one:389"]),
        ]
        for other in others { #expect(other.refusal == nil) }
        #expect(try failure(server.url, others[0]).problem == .bindFailed)
        #expect(server.binds == 2)
        let before = accounts.account(simple(), at: ["one:389"])
        accounts.forgetRefusals()
        let after = accounts.account(simple(), at: ["one:389"])
        #expect(before.refusal != nil && after.refusal == nil)
        #expect(accounts.account(.external, at: ["one:389"]) === others[3])
    }

    @Test func secretThatNobodyHoldsIsLetGo() {
        let accounts = BindAccounts()
        weak var old: BindAccount?
        old = accounts.account(simple("old"), at: ["one:389"])
        let held = accounts.account(simple("held"), at: ["one:389"])
        #expect(old != nil)
        accounts.forgetRefusals()
        #expect(old == nil)
        #expect(accounts.account(simple("held"), at: ["one:389"]) === held)
    }

    /// Silence is no refusal: a later run asks again.
    @Test func whatNobodyAnsweredMayBeSentAgain() throws {
        let server = try ScriptedServer { _ in .close }
        let accounts = BindAccounts()
        let account = accounts.account(simple(), at: ["one:389"])
        for _ in 0..<5 { _ = try failure(server.url, account) }
        #expect(account.refusal != nil)
        #expect(accounts.account(simple(), at: ["one:389"]).refusal == nil)
    }

    @Test func warningsOfAServerThatLetsUsInAreKept() throws {
        for (parts, notice) in [
            ([0xa0, 3, 0x81, 1, 2], BindNotice.graceLogins(2)),
            ([0xa0, 4, 0x80, 2, 0x0e, 0x10], .passwordExpires(seconds: 3600)),
        ] as [([UInt8], BindNotice)] {
            let server = try ScriptedServer {
                .send(ServerMessage.result(0x61, $0, code: 0, controls: [BindTests.policy(parts)]))
            }
            let connection = try open(server.url)
            try connection.bind(simple())
            #expect(connection.notice == notice)
        }
    }

    @Test func junkInsteadOfAnAnswerIsNoSuccess() throws {
        let server = try ScriptedServer { .send(ServerMessage.result(0x65, $0, code: 0)) }
        let error = try failure(server.url, BindAccount(simple()))
        #expect(!error.isTransient, "\(error)")
    }

    @Test func lockedAndExpiredAccountsOfARealServerAreNamed() throws {
        let policy = """
            dn: cn=policy,dc=example,dc=org
            objectClass: applicationProcess
            objectClass: pwdPolicy
            cn: policy
            pwdAttribute: userPassword
            pwdMaxAge: 86400
            pwdLockout: TRUE
            pwdMaxFailure: 3
            pwdMustChange: TRUE


            """
        func account(_ name: String, _ number: Int, _ more: [String]) -> String {
            SampleCompany.person(
                name, number: number,
                more: ["userPassword: canary", "pwdChangedTime: 29990101000000Z"] + more)
        }
        let slapd = try SlapdFixture(
            ldif: SampleCompany.frame + policy + account("locked", 1, ["pwdAccountLockedTime: 000001010000Z"])
                + SampleCompany.person(
                    "expired", number: 2, more: ["userPassword: canary", "pwdChangedTime: 20010101000000Z"])
                + account("reset", 3, ["pwdReset: TRUE"]) + account("good", 4, []),
            options: .init(
                database: [
                    "overlay ppolicy", "ppolicy_default cn=policy,\(SlapdFixture.suffix)", "ppolicy_use_lockout",
                ],
                global: ["moduleload ppolicy"]))
        for (name, fault) in [
            ("locked", AccountFault.locked), ("expired", .passwordExpired), ("reset", .mustChangePassword),
        ] {
            let bind = BindMethod.simple(dn: SampleCompany.personDN(name), password: Secret(Array("canary".utf8)))
            #expect(try failure(slapd.url, BindAccount(bind)).problem == .account(fault), "\(name)")
        }
        let good = BindMethod.simple(dn: SampleCompany.personDN("good"), password: Secret(Array("canary".utf8)))
        #expect(throws: Never.self) { try open(slapd.url).bind(good) }
    }
}

import AccessModel
import Diagnostics
import MappingLanguage
import Reconciliation
import Testing

@testable import SyncAgent

/// What a platform's list of users may look like, and what is told when it does not.
struct UserListTests {
    private func list(_ text: String, platform: String = "tenant") throws -> UserListFile {
        let company = try SmallCompany()
        if platform == "voiceflow" {
            try company.directory.write("tenant.yaml", SmallCompany.platform("voiceflow"))
            try company.directory.write(
                "mapping.yaml",
                """
                version: 1
                platform: voiceflow
                rules:
                  - name: Staff
                    when: {group: staff}
                    give: {workspace: support, role: viewer}
                tests: []
                """)
            company.topology = "{workspaces: {support: {seats: {editor: 5}, assistants: [order-bot]}, sales: {}}}"
        }
        let files = try company.agent().files()
        let settings = try #require(files.target(named: "desk")?.settings)
        return UserListFile(path: "users.csv", bytes: Array(text.utf8), settings: settings)
    }

    private func errors(_ list: UserListFile) -> [String] {
        list.diagnostics.sorted.map {
            "\($0.position.map { "\($0.line):\($0.column)" } ?? "-") \($0.code)"
        }
    }

    @Test func columnsStandInAnyOrderUnderManyNames() throws {
        let read = try list(
            "\u{FEFF}Last Login,CRM-Access,E-Mail,Color,Role,User_ID,Status\r\n2026-11-20,Yes,ada@x.example,red,Admin,u-1,ACTIVE\r\n"
                + "never,on,ben@x.example,red,User,u-2,Pending\r\n")
        #expect(errors(read) == [])
        #expect(read.ignored == ["Color"])
        #expect(read.told == [.status, .roles])
        #expect(read.switches == ["crm_access"])
        #expect(read.accounts.map(\.account) == ["u-1", "u-2"])
        #expect(read.accounts.map(\.status) == [.active, .invited])
        #expect(read.accounts.map(\.lastSignIn) == [1_795_132_800, nil])
        // An administrator's switch comes with the role.
        #expect(read.accounts.map(\.access.canonicalText) == ["roles=:admin", "roles=:user;switches=crm_access"])
    }

    @Test func oneLineForEachUserAndWorkspace() throws {
        let read = try list(
            "account,email,workspace,role,assistants,status\n1,ada@x.example,support,Editor,,invited\n"
                + "1,ADA@x.example,Sales,viewer,,active\n2,ben@x.example,support,viewer,order-bot,\n"
                + "3,root@x.example,,Owner,,deleted\n", platform: "voiceflow")
        #expect(errors(read) == [])
        #expect(
            read.accounts.map(\.access.canonicalText) == [
                "roles=sales:viewer,support:editor", "roles=support:viewer;grants=support/order-bot:editor",
            ])
        #expect(read.accounts.map(\.status) == [.active, .active])
        #expect(read.lines.map(\.count) == [2, 1])
        #expect(read.removed == 1)
    }

    @Test(arguments: [
        ("email,role\nada,user\n", ["2:1 csv.bad-email"]),
        ("email,role\nada@x.example,Usr\n", ["2:15 list.no-role"]),
        ("email,template\nada@x.example,none such\n", ["2:15 list.no-template"]),
        ("email,crm_access\nada@x.example,perhaps\n", ["2:15 list.bad-switch"]),
        ("email,status\nada@x.example,asleep\n", ["2:15 list.bad-status"]),
        ("email,accepted\nada@x.example,maybe\n", ["2:15 csv.bad-truth"]),
        ("email,last_sign_in\nada@x.example,yesterday\n", ["2:15 csv.bad-time"]),
        ("email,permissions\nada@x.example,conversations: fly\n", ["2:15 list.no-permission"]),
        ("email,external_id\nada@x.example,0123456789abcdef0\n", ["2:15 csv.bad-id"]),
        ("email,role\nada@x.example\n", ["2:1 csv.wrong-width"]),
        ("account,email\n1,ada@x.example\n2,ADA@x.example\n", ["3:3 list.email-twice"]),
        ("account,email\n1,ada@x.example\n1,ben@x.example\n", ["3:3 list.two-lines"]),
        ("account,email,role\n1,ada@x.example,user\n1,ada@x.example,admin\n", ["3:17 list.two-lines"]),
        ("email,e-mail\nada@x.example,\n", ["1:7 csv.duplicate-column"]),
        ("role,status\nuser,active\n", ["1:1 csv.no-email"]),
        ("email;role\nada@x.example;user\n", ["1:1 csv.no-email"]),
        ("", ["1:1 csv.empty"]),
        ("email\n\"ada@x.example\n", ["2:1 csv.malformed"]),
        (
            "email,role,status\n\"a\n\nb\",usr,gone\nü@x.example,usr,gone\n",
            ["2:1 csv.bad-email", "4:4 list.no-role", "4:8 list.bad-status", "5:13 list.no-role"]
        ),
    ])
    func everythingWrongIsNamedByLineAndColumn(text: String, expected: [String]) throws {
        let found = errors(try list(text))
        if expected.count == 1 { #expect(found == expected) } else { #expect(!found.isEmpty) }
    }

    @Test(arguments: [
        ("users.csv", "users"), ("users.unmatched.csv", "users"), ("users.unmatched-12.CSV", "users"),
        ("users", "users"), ("all.unmatched.people.csv", "all.unmatched.people"),
    ])
    func theFileOfTheUnmatchedIsNamedAfterTheList(name: String, stem: String) {
        #expect(UnmatchedFile.stem(name) == stem)
    }

    @Test(arguments: [
        (" Agent  Manager ", "agent-manager"), ("QA/Analyst", "qa-analyst"), ("Ärzte", "rzte"), ("--", ""),
    ])
    func titlesBecomeIDs(title: String, id: String) {
        #expect(ListText.slug(title) == id)
    }
}

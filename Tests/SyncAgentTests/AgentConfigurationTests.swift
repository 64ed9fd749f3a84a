import AccessModel
import Diagnostics
import Reconciliation
import Testing

@testable import SyncAgent

struct AgentConfigurationTests {
    @Test func absentKeysTakeTheDocumentedDefaults() throws {
        let (file, diagnostics) = SampleConfiguration.read(SampleConfiguration().text)
        #expect(diagnostics == [])
        let configuration = try #require(file?.configuration)
        #expect(configuration.state == "/var/lib/rollcall")
        #expect(configuration.readers == nil)
        #expect(configuration.approvals == "config/approvals")
        #expect(configuration.schedule == nil)
        #expect(configuration.reportsKept == 90)
        #expect(configuration.reportFormats == [.html, .json])
        let target = try #require(configuration.targets.first)
        #expect(target.mode == .observe)
        #expect(target.policy == Policy())
        #expect(target.limits == Limits())
        #expect(target.platformFile == "config/platforms/vivi.yaml")
        #expect(target.mappingFile == "mappings/vivi.yaml")
    }

    @Test func absentKeysOfADirectoryTakeTheDocumentedDefaults() throws {
        let (file, _) = SampleConfiguration.read(SampleConfiguration().text)
        let directory = try #require(file?.configuration.directories.first)
        #expect(directory.location == .servers(["ldaps://ldap1.example.org"]))
        #expect(directory.tls == .init(mode: .ldaps, caFile: "/etc/ssl/certs/ca-certificates.crt"))
        #expect(directory.bind == .anonymous)
        #expect(directory.attributes == .init(id: "entryUUID", login: "uid", email: "mail"))
        #expect(directory.timeouts == .init())
        #expect(directory.people.filter == nil)
    }

    @Test func domainsKerberosAndRevocationListsAreRead() throws {
        var sample = SampleConfiguration()
        sample.directory = sample.directory
            .replacing(
                "urls: [ldaps://ldap1.example.org]",
                with: "srv: example.org\n    tls: {mode: starttls, crl_file: /etc/crl.pem}"
            )
            .replacing("{method: anonymous}", with: "{method: gssapi, keytab: /etc/k, principal: rollcall@EXAMPLE.ORG}")
        let (file, diagnostics) = SampleConfiguration.read(sample.text)
        #expect(diagnostics.errors == [])
        let directory = try #require(file?.configuration.directories.first)
        #expect(directory.location == .domain("example.org"))
        #expect(directory.tls.mode == .starttls)
        #expect(directory.tls.crlFile == "/etc/crl.pem")
        #expect(directory.bind == .keytab(path: "/etc/k", principal: "rollcall@EXAMPLE.ORG"))
        for (written, cache) in [("KEYRING:persistent:0", "KEYRING:persistent:0"), ("/run/tickets", "/run/tickets")] {
            var other = SampleConfiguration()
            other.directory = other.directory.replacing(
                "{method: anonymous}", with: "{method: gssapi, ccache: \"\(written)\"}")
            #expect(
                SampleConfiguration.read(other.text).file?.configuration.directories.first?.bind == .ticketCache(cache))
        }
    }

    /// The worked example of the documentation, without the keys that are not available yet.
    @Test func everyKeyIsRead() throws {
        let (file, diagnostics) = SampleConfiguration.read(everything)
        #expect(diagnostics.errors == [])
        #expect(diagnostics.map(\.code) == [])
        let configuration = try #require(file?.configuration)
        let corp = configuration.directories[0]
        #expect(
            corp.bind
                == .simple(
                    dn: "cn=rollcall,ou=services,dc=example,dc=org", secret: .file("/etc/rollcall/bind.password")))
        #expect(corp.people.exclude == "(employeeType=service)")
        #expect(corp.attributes.disabled == .init(attribute: "employeeType", equals: "disabled"))
        #expect(corp.attributes.lastSignIn == "authTimestamp")
        #expect(corp.trustedAttributes == ["departmentnumber", "title"])
        #expect(corp.emailDomains == ["example.org"])
        #expect(corp.timeouts.idle == .seconds(30))
        let target = configuration.targets[0]
        #expect(target.mode == .manage)
        #expect(target.policy.keepAtLeast == [RoleFloor(role: "account-admin", count: 2)])
        #expect(target.policy.missing == .init(deed: .suspend, runs: 2, seconds: 20 * 3600))
        #expect(target.policy.emailDomains == ["example.org"])
        #expect(
            target.protect == [
                .email("Root@example.org"), .group("board"), .id("6f1d2a3c-0000-4000-8000-000000000001"),
            ])
        #expect(target.limits == Limits())
        #expect(configuration.schedule?.jitter == .seconds(300))
        #expect(configuration.readers == "rollcall-readers")
    }

    @Test func aTargetOverridesSingleKeys() throws {
        var sample = SampleConfiguration()
        sample.defaults = """
              mode: manage
              policy: {missing: {after: {runs: 5}}, unmapped: {settle: 48h}}
              limits: {suspend_other: {count: 10, floor: 1}}
            """
        sample.target += """

                policy: {missing: {do: report}}
                limits: {suspend_other: {percent: 7}}
            """
        let (file, diagnostics) = SampleConfiguration.read(sample.text)
        #expect(diagnostics.errors == [])
        let target = try #require(file?.configuration.targets.first)
        #expect(target.mode == .manage)
        #expect(target.policy.missing == .init(deed: .report, runs: 5, seconds: 20 * 3600))
        #expect(target.policy.unmapped.settleSeconds == 48 * 3600)
        #expect(target.limits.suspendOther == Limit(count: 10, percent: 7, floor: 1))
    }

    @Test func everySettingTellsWhereItComesFrom() throws {
        var sample = SampleConfiguration()
        sample.defaults = "  limits: {suspend_other: {count: 10}}"
        sample.target += "\n    policy: {missing: {do: report}}"
        let draft = try #require(SampleConfiguration.read(sample.text).file?.targets.first)
        let origins = Dictionary(
            uniqueKeysWithValues: draft.settings.resolved.map { ($0.key, "\($0.value) from \($0.originText)") })
        #expect(origins["policy.missing.do"] == "report from config/rollcall.yaml:16")
        #expect(origins["limits.suspend_other.count"] == "10 from config/rollcall.yaml:10")
        #expect(origins["limits.suspend_other.percent"] == "2 from default")
        #expect(origins["policy.unmapped.settle"] == "1d from default")
    }

    @Test func aPasswordCommandShowsNoArguments() throws {
        var sample = SampleConfiguration()
        sample.directory = sample.directory.replacing(
            "{method: anonymous}", with: "{dn: cn=x, password_command: [/usr/bin/pass, show, hunter2]}")
        let (file, diagnostics) = SampleConfiguration.read(sample.text)
        #expect(diagnostics.errors == [])
        #expect(
            file?.configuration.directories[0].bind
                == .simple(dn: "cn=x", secret: .command(["/usr/bin/pass", "show", "hunter2"])))
        #expect(file?.shared.contains { $0.value.contains("hunter2") } == false)
    }

    private var everything: String {
        """
        version: 1
        state: /var/lib/rollcall
        readers: rollcall-readers
        directories:
          - name: corp
            kind: openldap
            urls: [ldaps://ldap1.example.org, ldaps://ldap2.example.org]
            bind: {method: simple, dn: "cn=rollcall,ou=services,dc=example,dc=org", password_file: /etc/rollcall/bind.password}
            tls: {mode: ldaps, ca_file: /etc/ssl/certs/ca-certificates.crt}
            people: {bases: ["ou=people,dc=example,dc=org"], filter: "(objectClass=inetOrgPerson)", exclude: "(employeeType=service)"}
            groups: {bases: ["ou=groups,dc=example,dc=org"]}
            attributes: {id: entryUUID, login: uid, email: mail, aliases: [], disabled: {attribute: employeeType, equals: disabled}, last_sign_in: authTimestamp}
            trusted_attributes: [title, departmentNumber]
            email_domains: [example.org]
            sentinels: ["6f1d2a3c-0000-4000-8000-000000000001"]
            incremental: auto
            timeouts: {connect: 10s, idle: 30s, pull: 30m}
        defaults:
          mode: observe
          policy:
            new: invite
            disabled:     {do: suspend}
            missing:      {do: suspend, after: {runs: 2, hours: 20}}
            out_of_scope: {do: report}
            unmapped:     {do: suspend, settle: 24h}
            inactive:     {after: 90d, do: report, feed_not_older_than: 7d}
            remove_after: never
            when_seats_run_out: wait
            reclaim_seats: never
            keep_at_least: {}
            protect: [{email: Root@example.org}, {group: board}, {id: 6f1d2a3c-0000-4000-8000-000000000001}]
            invite_reminder: 14d
            only: null
          limits:
            per: 24h
            suspend_disabled: {count: 100, percent: 3, floor: 5}
            suspend_other:    {count: 25,  percent: 2, floor: 3}
            lose_access:      {count: 50,  percent: 3, floor: 3}
            change_email:     {count: 50,  percent: 5, floor: 3}
            change_permissions: {count: 50, percent: 5, floor: 3}
            privileged_gain:  {count: 0}
            privileged_loss:  {count: 1}
            remove:           {count: 5}
            return:           {count: 25,  percent: 2, floor: 3}
            people_shrink:    {percent: 5, floor: 3}
            group_shrink:     {percent: 30, floor: 3}
          pace: {invite: 300}
        targets:
          - name: acme-desk
            platform: platforms/vivi.yaml
            mapping: ../mappings/vivi.yaml
            mode: manage
            topology:
              workspaces:
                support: {plan: pro, seats: 40}
                sales:   {plan: basic, seats: {seat: 10, price: 29 EUR}}
            policy: {keep_at_least: {account-admin: 2}}
        approvals: approvals/
        schedule: {cron: "15 2 * * *", timezone: Europe/Berlin, jitter: 5m, retry: {every: 15m, for: 4h}}
        reports: {keep: 90, formats: [html, json], metrics_file: null}
        deliver: {command: null}
        """
    }
}

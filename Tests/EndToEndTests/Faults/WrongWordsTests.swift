import Foundation
import TestSupport
import Testing

/// Whoever mistypes a name is told the one that was probably meant, and every error says what to do.
struct WrongWordsTests {
    /// A call with a slip of the pen, and the hint to it.
    struct Slip: Sendable, CustomTestStringConvertible {
        var call: String
        var hint: String

        init(_ call: String, _ hint: String) { (self.call, self.hint) = (call, hint) }

        var testDescription: String { call }
    }

    /// A site after its first night; run 1 is the only one.
    private static func site() throws -> Site {
        let site = try Site(ldif: Array(Company.firstNight(12).utf8))
        _ = try site.prepare()
        try site.folder.write("account,email\nu-1,p2@example.org\n", to: "users.csv")
        return site
    }

    /// Commands that read no configuration are given none.
    private static func run(_ call: String, _ site: Site) throws -> Rollcall.Ended {
        let words = call.components(separatedBy: " ")
        let isBare = ["platform", "init", "--versio", "help"].contains(words[0]) || words.contains("--config")
        return try Rollcall.run(
            words + (isBare ? [] : ["--config", "rollcall.yaml"]), in: site.folder.url,
            environment: ["ROLLCALL_NOW": "\(Site.firstNight + 3_600)"])
    }

    private static func hints(_ said: String) -> [String] {
        said.components(separatedBy: "\n").filter { $0.hasPrefix("hint: ") }.map { String($0.dropFirst(6)) }
    }

    private static let targetSlips = [
        "plan --target dsek", "sync --yes --target dsek", "config dsek", "continue dsek", "users --target dsek",
        "who --role chat-user --target dsek", "groups --target dsek", "due --target dsek", "seats dsek",
        "seats --target dsek", "findings --target dsek", "ack --list --target dsek", "explain p7 --target dsek",
        "explain --role chat-user --target dsek", "export users --target dsek", "review --target dsek",
        "approve --last-hold --reason x --target dsek", "scaffold --target dsek", "undo 1 --target dsek",
        "grant p7 --target dsek --role chat-user --reason x", "revoke p7 --target dsek --role chat-user --reason x",
        "suspend p7 --reason x --target dsek", "resume p7 --reason x --target dsek", "resend p7 --target dsek",
        "import users.csv --target dsek", "import --update users.csv --target dsek", "drift users.csv --target dsek",
        "link u-1 p7 --target dsek",
    ].map { Slip($0, "did you mean `desk`?") }

    @Test(
        arguments: targetSlips + [
            Slip("plann", "did you mean `rollcall plan`?"),
            Slip("audit verfy", "did you mean `rollcall audit verify`?"),
            Slip("help synk", "did you mean `rollcall sync`?"), Slip("--versio", "did you mean `--version`?"),
            Slip("users --status activ", "did you mean `active`?"), Slip("export user", "did you mean `users`?"),
            Slip("plan --format jsn", "did you mean `json`?"), Slip("doctor --directory crop", "did you mean `corp`?"),
            Slip("doctor --directory berlin", "the directories are: `corp`"),
            Slip("rekey --by dn --reason x --directory crop", "did you mean `corp`?"),
            Slip("who --role chat-usr", "did you mean `chat-user`?"),
            Slip("explain --role chat-usr", "did you mean `chat-user`?"),
            Slip("explain --group suport", "did you mean `support`?"),
            Slip("explain p7 --if +suport", "did you mean `support`?"),
            Slip("explain p7 --why-not agent-managr", "did you mean `agent-manager`?"),
            Slip("grant p7 --target desk --role chat-usr --workspace support --reason x", "did you mean `chat-user`?"),
            Slip("grant p7 --target desk --role chat-user --workspace suport --reason x", "did you mean `support`?"),
            Slip("seats --what-if-group support=leeds", "did you mean `leads`?"),
            Slip("seats --what-if-group suport=leads", "did you mean `support`?"),
            Slip("show 12", "the last run is 1; `rollcall runs` lists them"),
            Slip("show lst", "give the number of a run, or `last`; the last run is 1; `rollcall runs` lists them"),
            Slip("undo 12", "the last run is 1; `rollcall runs` lists them"),
            Slip("changes --since 12", "the last run is 1; `rollcall runs` lists them"),
            Slip("who --role chat-user --as-of 12", "the last run is 1; `rollcall runs` lists them"),
            Slip("platform vivvi.yaml", "did you mean `vivi.yaml`?"),
            Slip("import user.csv --target desk", "did you mean `users.csv`?"),
            Slip("plan --config rolcall.yaml", "did you mean `rollcall.yaml`?"),
            Slip(
                "init people.ldif --people ou=p,dc=x --groups ou=g,dc=x --email-domain x.org --target t --group g "
                    + "--platform vivvi", "did you mean `vivi`?"),
        ])
    func slipIsAnsweredWithWhatWasMeant(_ slip: Slip) throws {
        let ended = try Self.run(slip.call, Self.site())
        #expect(ended.status != 0, "\(ended.output)")
        #expect(Self.hints(ended.output).contains(slip.hint), "\(ended.output)")
    }

    @Test func slipInTheNameOfAFindingIsAnsweredToo() throws {
        let people = Company.firstNight(12).replacingOccurrences(of: "mail: p5@example.org\n", with: "")
        let site = try Site(ldif: Array(people.utf8))
        _ = try site.prepare()
        let found = try Self.run("findings --format json", site)
        let document = try JSONSerialization.jsonObject(with: Data(found.output.utf8)) as? [String: Any]
        let rows = try #require(document?["findings"] as? [[String: Any]])
        let id = try #require(rows.first?["id"] as? String)
        let code = try #require(rows.first?["code"] as? String)
        for name in [id, code] {
            let wrong = String(name.dropLast()) + "u"
            let ended = try Self.run("ack \(wrong) --until 2027-01-31 --reason x", site)
            #expect(Self.hints(ended.output).contains("did you mean `\(name)`?"), "\(ended.output)")
        }
    }

    @Test(arguments: [
        ("rollcall.yaml", "platform: vivi.yaml", "platform: vivvi", "vivi.yaml`?"),
        ("rollcall.yaml", "mapping: mapping.yaml", "mapping: maping.yaml", "mapping.yaml`?"),
        ("rollcall.yaml", "kind: ldif", "kind: ldf", "did you mean `ldif`?"),
        ("rollcall.yaml", "mode: manage", "mode: mange", "did you mean `manage`?"),
        ("rollcall.yaml", "pace: {invite: 100000}", "limits: {suspend_disbled: {count: 3}}", "suspend_disabled`?"),
        ("mapping.yaml", "platform: vivi", "platform: vivvi", "did you mean `vivi`?"),
        ("mapping.yaml", "role: chat-user", "role: chat-usr", "did you mean `chat-user`?"),
    ])
    func slipInAFileIsAnsweredToo(_ file: String, _ old: String, _ new: String, _ hint: String) throws {
        let site = try Self.site()
        try site.replace(old, with: new, in: file)
        let ended = try Self.run("check", site)
        #expect(ended.status != 0)
        #expect(ended.output.contains("hint: did you mean `") && ended.output.contains(hint), "\(ended.output)")
    }

    @Test func slipsInAnApprovalAreAnsweredToo() throws {
        let site = try Self.site()
        try site.folder.write(
            """
            version: 1
            reason: The site closes
            valid: {from: 2026-11-21T00:00Z, until: 2026-11-22T00:00Z}
            targets: [dsek]
            allow: {suspend_disbled: 3}

            """, to: "approvals/a.yaml")
        let hints = Self.hints(try Self.run("check", site).output)
        #expect(
            hints.contains("did you mean `desk`?") && hints.contains("did you mean `suspend_disabled`?"), "\(hints)")
    }

    @Test(arguments: [
        "import nowhere.csv --target desk", "import --update nowhere.csv --target desk",
        "import state --target desk", "drift nowhere.csv --target desk", "rekey --map nowhere.csv --reason x",
        "suspend --from nowhere.csv --reason x", "review --import nowhere.csv", "apply nowhere.json",
        "apply state", "platform nowhere.yaml", "platform state", "platform /dev/null", "restore nowhere.sqlite",
        "restore people.ldif", "backup nowhere/copy.sqlite", "backup people.ldif", "snapshot --out nowhere/people",
        "plan --out nowhere/plan.json", "plan --out people.ldif", "scaffold --out nowhere/mapping.yaml",
        "check --snapshot nowhere", "test --snapshot people.ldif", "diff nowhere.yaml mapping.yaml",
        "diff people.ldif mapping.yaml", "plan --config nowhere.yaml", "users --config nowhere.yaml",
        "suspend p7 --reason x --config nowhere.yaml", "approve --last-hold --reason x", "continue desk", "undo 0",
        "explain nobody", "history nobody", "suspend nobody --reason x", "resume p7 --reason x",
        "grant nobody --target desk --role chat-user --reason x", "link u-9 p7 --target desk",
        "outbox --drop 12 --reason x", "changes --since 2099-01-01", "due --within long", "status --max-age long",
        "review --stale-after long", "diff --email-domain x", "seats --what-if 3", "seats --on soon",
        "grant p7 --target desk --role chat-user --until soon --reason x", "rekey --by mail --reason x",
        "init people.ldif --people ou=p,dc=x --groups ou=g,dc=x --email-domain x.org --target t --group g "
            + "--platform nowhere/vivi.yaml",
        "init people.ldif --people ou=p,dc=x --groups ou=g,dc=x --email-domain x.org --target t --group g "
            + "--platform ./vivi.yaml --into people.ldif/config",
        "ack nothing --until 2027-01-31 --reason x",
    ])
    func errorSaysWhatToDo(_ call: String) throws {
        let ended = try Self.run(call, Self.site())
        #expect(ended.status != 0, "\(ended.output)")
        #expect(ended.output.contains("error: "), "\(ended.output)")
        let hints = Self.hints(ended.output)
        #expect(!hints.isEmpty && hints.allSatisfy { !$0.isEmpty }, "\(ended.output)")
    }

    @Test(arguments: [
        ("state: state", "state: nowhere"), ("state: state", "state: people.ldif"), ("name: desk", "name: other"),
        ("file: people.ldif", "file: nowhere.ldif"), ("approvals: approvals/", "approvals: people.ldif"),
        ("approvals: approvals/", "approvals: approvals/\nschedule: {cron: soon}"),
    ])
    func errorInTheConfigurationSaysWhatToDo(_ old: String, _ new: String) throws {
        let site = try Self.site()
        try site.replace(old, with: new)
        let ended = try Self.run("sync --yes", site)
        #expect(ended.status != 0, "\(ended.output)")
        #expect(ended.output.contains("error: ") && !Self.hints(ended.output).isEmpty, "\(ended.output)")
    }

    @Test func zoneThatTheMachineDoesNotKnowSaysWhatToDo() throws {
        let site = try Self.site()
        try site.replace("approvals: approvals/", with: "approvals: approvals/\nschedule: {timezone: Nowhere/City}")
        let ended = try Self.run("daemon", site)
        #expect(ended.status == 78 && Self.hints(ended.output).count == 1, "\(ended.output)")
    }

    @Test func outputThatIsNotTakenSaysWhatToDo() throws {
        let site = try Self.site()
        let ended = try Rollcall.run(
            ["-c", "exec \"$0\" runs --config rollcall.yaml >/dev/full", Rollcall.program.path],
            program: URL(fileURLWithPath: "/bin/sh"), in: site.folder.url)
        #expect(ended.status == 73)
        #expect(Self.hints(ended.output).first?.hasPrefix("make room on the disk") == true, "\(ended.output)")
    }

    @Test(arguments: [("run.lock", "sync --yes"), ("daemon.lock", "daemon"), ("delivery.lock", "deliver")])
    func lockThatIsHeldSaysWhatToDo(_ lock: String, _ call: String) throws {
        let site = try Self.site()
        try site.tellProgram()
        let file = open(site.statePath + "/" + lock, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        defer { close(file) }
        #expect(file >= 0 && flock(file, LOCK_EX) == 0)
        let ended = try Self.run(call, site)
        #expect(flock(file, LOCK_UN) == 0)
        #expect(ended.status == 5, "\(ended.output)")
        #expect(Self.hints(ended.output).count == 1, "\(ended.output)")
    }
}

import Foundation
import TestSupport
import Testing

/// What a terminal shows of a company full of hostile names is what a file gets, line by line, and the terminal is left as it was.
struct HostileTerminalTests {
    /// Commands that look at the roster after two nights, at the directory or at files.
    private static let looking: [[String]] = [
        ["plan", "--all"], ["users", "--all"], ["users", "--format", "json"], ["status"], ["findings", "--all"],
        ["review", "--all"],
        ["seats"], ["seats", "--waiting", "--all"], ["seats", "--what-if", "support=140"],
        ["who", "--role", "chat-user", "--all"], ["due", "--within", "90d", "--all"],
        ["changes", "--since", "1", "--all"],
        ["show", "1", "--all"],
        ["runs"], ["groups", "--all"], ["check"], ["test", "--all"], ["lock", "--dry-run"], ["scaffold"],
        ["doctor", "--all"],
        ["explain", HostileCompany.everybody, "--all"],
        ["explain", HostileCompany.everybody, "--why-not", "account-admin", "--all"],
        ["explain", HostileNames.all.joined().replacing("\0", with: "")],
        ["explain", "--role", "agent-manager", "--all"],
        ["explain", "--group", HostileCompany.group(3), "--all"],
        ["history", HostileCompany.everybody, "--all"],
        ["diff", "mapping.yaml", "fewer.yaml", "--all"], ["undo", "2", "--dry-run", "--all"],
        ["import", "list.csv", "--target", "desk", "--dry-run", "--all"],
        ["import", "bad-list.csv", "--target", "desk", "--dry-run", "--all"],
    ]

    @Test func aTerminalShowsWhatAFileGets() throws {
        let site = try Site(ldif: HostileCompany.directory())
        try site.write(HostileCompany.mapping(), to: "mapping.yaml")
        try site.write(HostileCompany.mapping(from: 60), to: "fewer.yaml")
        try site.write(HostileCompany.list(emails: false), to: "list.csv")
        try site.write(HostileCompany.list(emails: true), to: "bad-list.csv")
        try site.replace("seats: 100000", with: "seats: \(HostileCompany.seats)")
        let screens = try Screens(site)
        try screens.night("first night", question: "Apply this? Type yes, anything else stops:", answer: "yes")
        try site.write(HostileCompany.directory(isSecondNight: true), to: "people.ldif")
        screens.hour = 24
        let disabled = "\(HostileCompany.disabled.count)"
        try screens.night(
            "second night", question: "Type \(disabled) to apply, anything else to stop:", answer: disabled)
        for (place, command) in Self.looking.enumerated() { try screens.compare(command, "\(place) \(command[0])") }
        try screens.judge(HostileCompany.names)
    }
}

/// What a terminal got beside what it is to show, in files for a terminal emulator.
private final class Screens {
    private let site: Site
    private let folder: TemporaryDirectory
    var hour = 0

    init(_ site: Site) throws {
        self.site = site
        folder = try TemporaryDirectory()
    }

    private var clock: String { "\(Site.firstNight + hour * 3_600)" }

    /// On a terminal with colors.
    private func onTerminal(_ command: [String], answering: [(question: String, answer: String)] = []) throws -> (
        status: Int32, shown: [UInt8]
    ) {
        try TerminalSession.bytes(
            command + ["--config", "rollcall.yaml"], in: site.folder.url,
            environment: ["ROLLCALL_NOW": clock, "TERM": "xterm-256color", "NO_COLOR": ""],
            answering: answering)
    }

    /// Into a file, without colors.
    private func intoFile(_ command: [String]) throws -> Child.Ended {
        try Child(
            Rollcall.program.path, command + ["--config", "rollcall.yaml"], in: site.folder.url.path,
            environment: ["ROLLCALL_NOW": clock]
        ).end()
    }

    /// A command that only looks, both ways; what goes wrong with it is told of hostile texts that it was given.
    func compare(_ command: [String], _ name: String) throws {
        let shown = try onTerminal(command)
        let written = try intoFile(command)
        #expect(shown.status == written.status, "\(command)")
        #expect(written.output.isEmpty == (written.status != 0), "\(command): \(written.message)")
        try keep(shown.shown, written.errors + written.output, name)
    }

    /// A run that asks: its plan is the one that `plan` writes into a file.
    func night(_ name: String, question: String, answer: String) throws {
        let plan = try intoFile(["plan", "--all"])
        let shown = try onTerminal(["sync", "--all"], answering: [(question, answer)])
        #expect(shown.status == 0 && plan.status == 0, "\(plan.message)")
        let runs = try JSONSerialization.jsonObject(with: Data(try intoFile(["runs", "--format", "json"]).output))
        let last = ((runs as? [String: Any])?["runs"] as? [[String: Any]])?.first
        let (number, summary) = (try #require(last?["run"] as? Int), try #require(last?["summary"] as? String))
        var text = plan.text
        if let suspended = Int(answer) { text += "This suspends \(suspended) people. " }
        text += "Without an answer within 10 minutes nothing is done.\n\(question) \(answer)\n\n"
        text += "Run \(number): \(summary)\n"
        for ending in ["html", "json"] { text += "report: \(site.statePath)/reports/run-\(number).\(ending)\n" }
        try keep(shown.shown, Array(text.utf8), name)
    }

    private func keep(_ shown: [UInt8], _ plain: [UInt8], _ name: String) throws {
        try Data(shown).write(to: folder.url.appendingPathComponent("\(name).terminal"))
        try Data(plain).write(to: folder.url.appendingPathComponent("\(name).plain"))
    }

    /// Has the emulator show everything that was kept.
    func judge(_ names: [String]) throws {
        try JSONEncoder().encode(names).write(to: folder.url.appendingPathComponent("NAMES.json"))
        let tool = Repository.root.appendingPathComponent("Tests/EndToEndTests/Tools/replay_terminal.py").path
        _ = try Command.output("python3", [tool, folder.url.path])
    }
}

import ArgumentParser
import Reports
import SQLiteRoster
import SyncAgent

/// `rollcall explain`: why somebody has what they have, or has not; and turned round, what a group gives and who has a role.
struct Explain: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "Explain why a person has what they have, and since when; what a group gives; who has a role by what.",
        discussion: """
            It looks at the directory as the last applied run read it, and at the rules as they are now; nothing is asked, and \
            nothing is written.

              rollcall explain ada@example.org
              rollcall explain ada --why-not agent-manager    what is in the way
              rollcall explain ada --why-not acme-desk        why she is not there at all
              rollcall explain ada --if +sales --if -support  what would change
              rollcall explain --group sales                  whom the group gives what
              rollcall explain --role account-admin           who has it, and by which rule
            """)

    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var output: ExplainOutput

    @Argument(help: "Email, login, alias, DN or immutable id.")
    var person: String?

    @Option(
        name: .customLong("why-not"),
        help: ArgumentHelp(
            "Why the person has not this role, template, switch or workspace, or is not on this target: what is in the way, and of every rule that could give it what failed first.",
            valueName: "name"))
    var asked: String?

    @Option(
        name: .customLong("if"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "As if the person were in a group (+GROUP), or not in it (-GROUP); may be repeated.", valueName: "+group"))
    var assumed: [String] = []

    @Option(
        help: ArgumentHelp("Everybody in this group, with what it gives them and by which chain.", valueName: "group"))
    var group: String?

    @Option(
        help: ArgumentHelp("Everybody who has this role, with the rule or the human that gave it.", valueName: "role"))
    var role: String?

    @Option(help: "Only this target.")
    var target: String?

    func validate() throws {
        let subjects = [person, group, role].compactMap(\.self)
        guard subjects.count == 1 else {
            throw ValidationError("name one person, or ask with `--group` or `--role`")
        }
        guard person != nil || (asked == nil && assumed.isEmpty) else {
            throw ValidationError("`--why-not` and `--if` are about one person: name them")
        }
        guard person == nil || output.format != .csv else {
            throw ValidationError("an explanation of one person is text or json; csv goes with `--group` and `--role`")
        }
    }

    func run() throws {
        let view = try RosterView(configuration)
        if let group {
            return try GroupExplanation(InquiryScene(view, target: target)).write(group, output.lists)
        }
        if let role { return try RoleExplanation(InquiryScene(view, target: target)).write(role, output.lists) }
        let found = try view.person(person ?? "")
        let scene = try InquiryScene(view, target: target, person: assumed.isEmpty ? found.person : nil)
        let report = try PersonInquiry(scene, about: found, assuming: assumed).report(whyNot: asked)
        try Output.data(
            output.format == .json ? PersonJSON.bytes(report) : PersonText.bytes(report, style: output.style))
    }
}

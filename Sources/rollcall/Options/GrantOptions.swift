import AccessModel
import ArgumentParser
import Reconciliation
import SyncAgent

/// What is given by hand, or taken back.
struct GrantOptions: ParsableArguments {
    @Argument(help: "Email, login or immutable id.")
    var person: String

    @Option(help: "The target on which it is given.")
    var target: String

    @Option(help: ArgumentHelp("A role.", valueName: "role"))
    var role: String?

    @Option(help: ArgumentHelp("The workspace of the role.", valueName: "workspace"))
    var workspace: String?

    @Option(help: ArgumentHelp("An assistant in the workspace, for a role on it alone.", valueName: "assistant"))
    var assistant: String?

    @Option(help: ArgumentHelp("A template; may be repeated.", valueName: "template"))
    var template: [String] = []

    @Option(name: .customLong("switch"), help: ArgumentHelp("A switch to be on; may be repeated.", valueName: "switch"))
    var switches: [String] = []

    @Option(help: ArgumentHelp("A permission: `conversations=view,edit`; may be repeated.", valueName: "area=values"))
    var permission: [String] = []

    @Option(help: "Why. It is kept in the audit.")
    var reason: String

    func validate() throws {
        guard !reason.isEmpty else { throw ValidationError("`--reason` is empty: say why") }
        guard workspace == nil || role != nil else { throw ValidationError("`--workspace` goes with `--role`") }
        guard assistant == nil || workspace != nil else {
            throw ValidationError("`--assistant` goes with `--workspace`")
        }
        for text in permission where !text.utf8.contains(UInt8(ascii: "=")) {
            throw ValidationError("`--permission \(text)` names no level or action: write `area=values`")
        }
    }

    func request(until: String? = nil) -> GrantRequest {
        GrantRequest(person: person, target: target, parts: parts, reason: reason, until: until)
    }

    private var parts: [ManualGrant.Part] {
        var parts: [ManualGrant.Part] = []
        if let role {
            let scope = ScopePath([workspace, assistant].compactMap { $0 })
            parts.append(assistant == nil ? .role(role, scope: scope) : .grant(role, scope: scope))
        }
        parts += template.map { .template($0) } + switches.map { .switchOn($0) }
        for text in permission {
            let pieces = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            let values = pieces.count > 1 ? pieces[1].split(separator: ",").map(String.init) : []
            parts.append(.permission(area: pieces[0], values: values))
        }
        return parts
    }
}

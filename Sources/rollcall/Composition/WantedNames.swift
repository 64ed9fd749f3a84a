import AccessModel
import Diagnostics
import MappingLanguage
import Reconciliation
import Reports
import SyncAgent

/// What the names mean that somebody may ask about: roles, templates, switches, workspaces and targets.
struct WantedNames {
    private let targets: [TargetFiles]

    init(_ targets: [TargetFiles]) { self.targets = targets }

    /// What a name means on each target that knows it; a slip of the pen is an error, and no answer.
    func wanted(_ name: String) throws -> [String: [WantedGift]] {
        var found: [String: [WantedGift]] = [:]
        for target in targets {
            let gifts = gifts(target.settings).filter { $0.name == name }.map(\.gift)
            if !gifts.isEmpty { found[target.settings.name] = gifts }
        }
        guard found.isEmpty else { return found }
        let names = Set(targets.flatMap { gifts($0.settings).map(\.name) }).sorted(by: precedes)
        throw AgentFailure(
            .usage, "no role, template, switch, workspace or target is called `\(name)`",
            hint: NearestName.of(name, in: names).map { "did you mean `\($0)`?" } ?? kinds)
    }

    /// What there is to ask about, kind by kind.
    private var kinds: String {
        let kinds: [(String, (TargetSettings) -> [String])] = [
            ("roles", { $0.platform.roles.map(\.name) }), ("templates", { $0.templates.map(\.name) }),
            ("switches", { $0.platform.switches.map(\.name) }),
            ("workspaces", { $0.topology.scopes.compactMap(\.path.components.first) }), ("targets", { [$0.name] }),
        ]
        return kinds.compactMap { kind, list in
            let names = Set(targets.flatMap { list($0.settings) }).sorted(by: precedes)
            guard !names.isEmpty else { return nil }
            let shown = names.prefix(WantedNames.shown).map { "`\($0)`" }.joined(separator: ", ")
            let rest = names.count - WantedNames.shown
            return "\(kind): \(shown)\(rest > 0 ? " and \(Counted.number(rest)) more" : "")"
        }.joined(separator: "; ")
    }

    /// Names of a kind that are listed; the rest is counted.
    private static let shown = 20

    private func gifts(_ settings: TargetSettings) -> [(name: String, gift: WantedGift)] {
        let workspaces = Set(settings.topology.scopes.compactMap(\.path.components.first))
        var gifts: [(name: String, gift: WantedGift)] = [(settings.name, .anything)]
        for role in settings.platform.roles { gifts.append((role.name, .role(role.name))) }
        for template in settings.templates { gifts.append((template.name, .template(template.name))) }
        for one in settings.platform.switches { gifts.append((one.name, .switchOn(one.name))) }
        for workspace in workspaces { gifts.append((workspace, .workspace(workspace))) }
        return gifts
    }
}

import AccessModel
import Diagnostics
import MappingLanguage
import Reconciliation
import Reports
import SyncAgent

/// Who has a role, and what gives it, as a list.
struct RoleExplanation {
    private let scene: InquiryScene

    init(_ scene: InquiryScene) { self.scene = scene }

    func write(_ role: String, _ output: ListOptions) throws {
        let roles = Set(scene.targets.flatMap { $0.settings.platform.roles.map(\.name) }).sorted(by: precedes)
        guard roles.contains(role) else {
            throw AgentFailure.noRole(role, of: roles)
        }
        try output.write(.roleHolders, nothing: "nobody has role `\(role)`") { writer, sink in
            for target in scene.targets {
                let inquiry = try scene.inquiry(target)
                try inquiry.forEachHolder(of: role) { try writer.row($0.cells(target.settings.name), to: sink) }
            }
        }
    }
}

extension RoleHolder {
    /// The facts of `Listing.roleHolders`.
    func cells(_ target: String) -> [Cell] {
        var (by, place, chain, note): (String, String?, String, String) = ("", nil, "", "")
        switch source {
        case .rule(let rule):
            (by, place) = ("rule `\(rule.name)`", rule.place)
            chain = rule.condition.ways.map { $0.joined(separator: " → ") }.joined(separator: "; ")
            note = rule.outcomes.joined(separator: "; ")
        case .byHand(let grant):
            let until = grant.until.map { " until \(Timestamp.end($0))" } ?? ""
            by = "\(grant.by) by hand, since \(Timestamp.text(grant.since))\(until)"
            note = grant.reason
        case .record: (by, note) = ("the record", "no rule gives it today")
        }
        return [
            .text(target), .text(email), .text(name), .text(status.rawValue), .text("\(scope)"), .text(by),
            .optional(place), .text(chain), .text(note), .time(since), .text(key.directory), .text("\(key.id)"),
        ]
    }
}

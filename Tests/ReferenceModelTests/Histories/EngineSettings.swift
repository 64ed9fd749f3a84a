import AccessModel
import Diagnostics
import DirectoryModel
import MappingLanguage
import Reconciliation
import TestSupport

/// Files of a history as the engine reads them.
extension HistoryState {
    private static let place = SourcePosition(file: "m.yaml", line: 1, column: 1)

    var platform: Platform {
        var platform: Platform =
            switch target.platform.name {
            case "desk": .desk
            case "office": .office
            default: .flow
            }
        platform.keepAtLeast = floors(target.platform.floors)
        return platform
    }

    private func floors(_ floors: [String: Int]) -> [RoleFloor] {
        floors.sorted { $0.key < $1.key }.map { RoleFloor(role: $0.key, count: $0.value) }
    }

    private var seatClass: String { platform.seatClasses[0].name }

    private var topology: Topology {
        var scopes: [ScopePath: ScopeInstance] = [.root: ScopeInstance(path: .root)]
        for scope in target.pools.map(\.scope) where scope != "" {
            scopes[ScopePath(scope)] = ScopeInstance(
                path: ScopePath(scope), ownersHoldSeats: target.ownersHoldSeats.contains(scope))
            if target.platform.name == "flow" {
                scopes[ScopePath(scope + "/bot")] = ScopeInstance(path: ScopePath(scope + "/bot"))
            }
        }
        return Topology(
            scopes: scopes.values.sorted { $0.path < $1.path },
            pools: target.pools.map { SeatPool(scope: ScopePath($0.scope), seatClass: seatClass, limit: $0.limit) })
    }

    private var templates: [Template] {
        guard target.platform.name == "office" else { return [] }
        return ["sales", "support"].map {
            Template(
                name: $0, title: $0,
                permissions: [AreaSetting(area: "talks", values: [["none", "read", "full"][target.talks[$0] ?? 0]])])
        }
    }

    var mapping: Mapping {
        var mapping = Mapping(
            file: "m.yaml", platform: platform, topology: topology, directories: ["corp", "labs"],
            templates: templates, rules: presentRules.map(rule))
        mapping.causes = [target.leave].compactMap { $0 }.map { leave in
            CauseCondition(
                name: ModelCause.leave.rawValue, position: HistoryState.place, condition: condition(leave.condition))
        }
        mapping.pilot = target.only.map(reference)
        return mapping
    }

    private func rule(_ rule: ModelRule) -> Rule {
        Rule(
            name: rule.name, position: HistoryState.place, condition: condition(rule.condition),
            gift: Gift(
                workspace: rule.scope == "" ? nil : .literal(rule.scope), role: rule.role,
                templates: rule.template.map { [$0] } ?? [], switches: rule.switchOn.map { [$0] } ?? [],
                grants: rule.assistant.map { [AssistantGrant(assistant: .literal($0), role: "editor")] } ?? []),
            otherwise: rule.otherwise, seatPriority: rule.seatPriority, templatePriority: rule.templatePriority,
            isPrivileged: target.platform.isPrivileged(rule.role))
    }

    private func condition(_ condition: ModelCondition) -> Condition {
        switch condition {
        case .group(let name):
            .group(reference(name))
        case .all(let parts): .all(parts.map(self.condition))
        case .any(let parts): .any(parts.map(self.condition))
        case .not(let part): .not(self.condition(part))
        }
    }

    private func reference(_ group: String) -> GroupReference {
        GroupReference(
            name: .name(group), directory: nil, base: nil, nested: !direct.contains(group),
            position: HistoryState.place)
    }

    var settings: TargetSettings {
        TargetSettings(
            name: "acme", mode: .manage, platform: platform, topology: topology, templates: templates, policy: policy,
            limits: limits, protect: target.protected.sorted().map { .id($0) },
            fingerprints: ["rules": "\(target.fingerprint)"])
    }

    private var policy: Policy {
        var policy = Policy()
        policy.new = target.activatesNewUsers ? .activate : .invite
        policy.disabled = target.reportsDisabled ? .report : .suspend
        policy.missing = Policy.Missing(deed: .suspend, runs: target.missingRuns, seconds: target.missingSeconds)
        policy.outOfScope = target.suspendsOutOfScope ? .suspend : .report
        policy.unmapped.settleSeconds = target.settleSeconds
        policy.inactive = Policy.Inactive(
            deed: target.suspendsInactive ? .suspend : .report, afterSeconds: target.inactiveSeconds,
            feedNotOlderThanSeconds: target.feedSeconds)
        policy.removeAfterSeconds = target.removeAfterCause.isEmpty ? target.removeAfter : nil
        policy.removeAfter = Dictionary(
            uniqueKeysWithValues: target.removeAfterCause.map { ($0.key.rawValue, $0.value) })
        policy.ownCauses =
            target.leave.map {
                [
                    OwnCause(
                        name: ModelCause.leave.rawValue, releasesSeat: $0.releasesSeat, returnsFirst: $0.returnsFirst)
                ]
            } ?? []
        policy.onlyGroup = target.only
        policy.reclaimInactiveSeconds = target.reclaimSeconds
        policy.whenSeatsRunOut =
            switch target.shortage {
            case .wait: .wait
            case .otherwise: .otherwise
            case .hold: .hold
            }
        policy.keepAtLeast = floors(target.floors)
        policy.emailDomains = target.emailDomain.map { [$0] } ?? []
        return policy
    }

    private var limits: Limits {
        var limits = Limits.none
        func limit(_ kind: ModelGuard) -> Limit {
            self.limit(target.limit(kind))
        }
        limits.windowSeconds = target.windowSeconds
        for (kind, most) in target.weekly { limits.week[GuardKind(kind)] = self.limit(most) }
        limits.suspendDisabled = limit(.suspendDisabled)
        limits.suspendOther = limit(.suspendOther)
        limits.loseAccess = limit(.loseAccess)
        limits.changeEmail = limit(.changeEmail)
        limits.changePermissions = limit(.changePermissions)
        limits.privilegedLoss = limit(.privilegedLoss)
        limits.remove = limit(.remove)
        limits.returns = limit(.returns)
        limits.peopleShrink = limit(.peopleShrink)
        limits.groupShrink = limit(.groupShrink)
        if target.withholdsPrivileges { limits.privilegedGain = Limit(count: 0, percent: nil, floor: 0) }
        limits.invitePace = target.pace
        return limits
    }

    private func limit(_ limit: ModelLimit) -> Limit {
        Limit(count: limit.count, percent: limit.percent, floor: limit.floor)
    }
}

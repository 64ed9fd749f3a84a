import Reconciliation

/// Targets that the roster has users of and the configuration no longer names: nobody looks at them any more.
struct OrphanTargets {
    private let orphans: [TargetPopulation]
    /// Targets that some run was applied to.
    private let known: Set<String>

    init(_ open: OpenRoster?, configured: [String]) throws {
        let names = try open?.targetNames() ?? []
        known = Set(names)
        orphans = try names.filter { !configured.contains($0) }.compactMap { name in
            let users = try open?.managedUsers(name) ?? 0
            return users > 0 ? TargetPopulation(name: name, users: users) : nil
        }
    }

    private struct TargetPopulation {
        var name: String
        var users: Int

        var text: String { "\(users) \(users == 1 ? "user" : "users") of `\(name)`" }
    }

    /// Refuses the first night of a target beside orphans: one that was given another name would invite everybody again.
    ///
    /// Who asks for the target by name means it; `--yes` is no such answer, since a run of every night gives it.
    func check(_ targets: [TargetFiles], askedByName: Bool) throws(AgentFailure) {
        guard !askedByName, !orphans.isEmpty,
            let new = targets.first(where: { $0.settings.mode == .manage && !known.contains($0.settings.name) })
        else { return }
        let name = new.settings.name
        throw AgentFailure(
            .badConfiguration,
            "target `\(name)` is new, and the roster has \(orphans.map(\.text).joined(separator: ", ")), which the "
                + "configuration no longer names: a target under another name begins with nobody and invites everybody",
            hint: "write the old `name:` again; if both are meant, run `rollcall sync --target \(name)` once: "
                + "`--yes`, which cron gives every night, does not answer this")
    }

    /// Tells of them on the first target, every night.
    func tell(_ plans: inout [TargetPlan]) {
        guard !plans.isEmpty else { return }
        for orphan in orphans {
            plans[0].add(
                Finding(
                    code: "roster.orphan-target", weight: .severe, person: nil, label: orphan.name,
                    message: "the roster has \(orphan.text), a target that the configuration does not name: whoever "
                        + "leaves keeps access there",
                    hint: "name the target in the configuration again; once it is gone for good, nothing more is to do")
            )
        }
    }
}

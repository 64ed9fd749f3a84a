package import AccessModel
import DirectoryModel

/// A human gives somebody access beside the directory, or takes back what was given so.
package struct GrantAct: Sendable, Equatable {
    package enum Deed: Sendable, Equatable {
        /// Until when, seconds since 1970; nil for good.
        case grant(until: Int64?)
        /// What rules give the person today: it stays when a grant goes.
        case revoke(rules: Access)
    }

    package var deed: Deed
    package var person: PersonKey
    package var parts: [ManualGrant.Part]
    /// Name of the human, and what they said.
    package var name: String
    package var reason: String

    package init(deed: Deed, person: PersonKey, parts: [ManualGrant.Part], name: String, reason: String) {
        self.deed = deed
        self.person = person
        self.parts = parts
        self.name = name
        self.reason = reason
    }
}

extension Reconciler {
    /// The plan of a grant or revocation: at most one user changes, or is invited.
    ///
    /// When it cannot be done, the plan has no change and a finding says why, seats with their numbers.
    package func plan(_ act: GrantAct, roster: TargetRoster, newcomer: Newcomer?, now: Int64) -> TargetPlan {
        var plan = TargetPlan(target: settings.name, mode: settings.mode)
        plan.waiting = roster.waiting
        plan.protected = roster.protected
        plan.directories = roster.directories
        do throws(ActRefusal) {
            var draft = try GrantDraft(act, settings, roster, newcomer, now)
            switch act.deed {
            case .grant(let until): try draft.grant(until: until)
            case .revoke(let rules): try draft.revoke(rules: rules)
            }
            draft.write(into: &plan)
        } catch {
            plan.findings = [error.finding(act.person)]
        }
        return plan
    }
}

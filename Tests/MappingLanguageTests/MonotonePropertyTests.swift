import AccessModel
import DirectoryModel
import MappingLanguage
import TestSupport
import Testing

/// Taking a rule out, or asking more of it, never raises anybody.
///
/// What comes to light is what stood behind it: a lower role of the same scope, a role that a wider one contained, the other of two
/// templates, a grant that the role made needless. All of it was given before by a rule that stays. A lower role may yet permit what
/// the higher one does not: ranks are the platform's, and a finding tells of it.
struct MonotonePropertyTests {
    @Test func takingOutARuleRaisesNobody() throws {
        try check { mapping, random in
            mapping.rules.remove(at: Int.random(in: 0..<mapping.rules.count, using: &random))
        }
    }

    @Test func askingMoreOfARuleRaisesNobody() throws {
        try check { mapping, random in
            let place = Int.random(in: 0..<mapping.rules.count, using: &random)
            let group = RandomMapping.groups[Int.random(in: 0..<5, using: &random)]
            mapping.rules[place].condition = .all([
                mapping.rules[place].condition, .not(RandomMapping.group(group)),
            ])
        }
    }

    private func check(_ edit: (inout Mapping, inout SeededNumbers) -> Void) throws {
        let trust = try RandomMapping.lock()
        var lowered = 0
        for seed in Figures.caseSeeds {
            var random = SeededNumbers(seed: seed)
            let directory = RandomMapping.directory(&random)
            let mapping = try RandomMapping.rich(Int(seed % 3), &random)
            var edited = mapping
            edit(&edited, &random)
            let before = try EvaluationTests.night(mapping, directory, trust: trust).evaluation
            let after = try EvaluationTests.night(edited, directory, trust: trust).evaluation
            for (person, access) in after.accesses.enumerated() {
                let old = before.desired[Int(before.grantSet[person])]
                let raised = raised(access, old, mapping.platform)
                #expect(raised == [], "seed \(seed), person \(person)")
                if access != old.access { lowered += 1 }
            }
        }
        if Figures.hasAllSeeds { #expect(lowered > 1_000) }
    }

    /// What somebody has now that neither they had nor stood behind what they had.
    private func raised(_ now: Access, _ before: DesiredAccess, _ platform: Platform) -> [String] {
        let had = before.access
        var found = now.roles.filter { !isWithin($0, had, platform) }.map { "\($0.role) in `\($0.scope)`" }
        found += now.switches.filter { !had.switches.contains($0) }
        let losesTemplates = platform.templatesPerUser == .one
        for template in now.templates where !had.templates.contains(template) {
            let stoodBehind = losesTemplates && (!had.templates.isEmpty || !before.templateConflict.isEmpty)
            if !stoodBehind { found.append(template) }
        }
        let permitted = PermissionSet(had.permissions, on: platform)
        if !permitted.contains(PermissionSet(now.permissions, on: platform), on: platform) {
            found.append("permissions")
        }
        for grant in now.grants where !had.grants.contains(grant) && !isNeedless(grant, had, platform) {
            found.append("\(grant.role) on `\(grant.scope)`")
        }
        return found
    }

    /// Whether an access has as much in that scope, or a role in one around it that contains the role.
    private func isWithin(_ role: ScopedRole, _ access: Access, _ platform: Platform) -> Bool {
        let rank = platform.rank(of: role.role) ?? Int.max
        return access.roles.contains { held in
            if held.scope == role.scope { return (platform.rank(of: held.role) ?? Int.max) <= rank }
            return role.scope.isInside(held.scope) && platform.covers(held.role, role.role)
        }
    }

    /// Whether a role around an assistant gives as much as a grant on it.
    private func isNeedless(_ grant: ScopedRole, _ access: Access, _ platform: Platform) -> Bool {
        let rank = platform.rank(of: grant.role) ?? Int.max
        return access.roles.contains { held in
            grant.scope.isInside(held.scope) && (platform.rank(of: held.role) ?? Int.max) <= rank
        }
    }
}

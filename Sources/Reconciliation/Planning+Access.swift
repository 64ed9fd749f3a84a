import AccessModel
import MappingLanguage

/// Works out which access is right for each case, before seats are looked at.
extension Planning {
    mutating func chooseAccess() {
        var joinerAccess: [UInt32?] = []
        joinerAccess = [UInt32?](repeating: nil, count: input.evaluation.desired.count)
        for index in cases.indices {
            if cases[index].flags.contains(.joiner) {
                let set = Int(cases[index].grantSet)
                let access = joinerAccess[set] ?? joinedAccess(UInt32(truncatingIfNeeded: set))
                joinerAccess[set] = access
                cases[index].wanted = access
                if !isPlain[set] { reportTemplates(cases[index]) }
                continue
            }
            cases[index].wanted = rightAccess(index)
        }
    }

    private mutating func joinedAccess(_ set: UInt32) -> UInt32 {
        isPlain[Int(set)] ? accessOfGrantSet[Int(set)] : book.number(of: adjusted(desired(set), for: .none))
    }

    private mutating func rightAccess(_ index: Int) -> UInt32 {
        let item = cases[index]
        if item.flags.contains(.unread) { return item.oldAccess }
        if item.newStatus == .suspended, releasingCause(index) != nil, !item.flags.contains(.protected) {
            return released(item.oldAccess, .suspended)
        }
        if item.flags.contains(.frozen) || item.newStatus == .suspended || item.newStatus == .removed {
            return item.oldAccess
        }
        let grants = manualGrants(of: item)
        if !grants.isEmpty { return rightAccess(index, beside: grants) }
        if !isMappedByRules(item) { return item.oldAccess }
        let set = Int(item.grantSet)
        let isReclaimed = isReclaimed(index)
        if isReclaimed { reportReclaimed(item) }
        if isPlain[set], accessOfGrantSet[set] == item.oldAccess, !isReclaimed { return item.oldAccess }
        let old = book[item.oldAccess]
        var right = isPlain[set] ? accessOfGrantSet[set] : book.number(of: adjusted(desired(item.grantSet), for: old))
        if isReclaimed { right = withoutNewSeats(right, index) }
        if !isPlain[set] { reportTemplates(item) }
        if item.flags.contains(.protected), right != item.oldAccess, book.loses(from: old, to: book[right]) {
            reportNotLowered(item)
            return item.oldAccess
        }
        return right
    }

    mutating func reportNotLowered(_ item: PersonCase) {
        findings.append(
            Finding(
                code: "protected.not-lowered", weight: .severe, person: key(of: item), label: label(of: item),
                message: "protected, so the access stays, although rules no longer give all of it",
                hint: "correct the mapping, or take the person off `protect`"))
    }

    /// The desired access with the templates that a clash or a retirement leaves to who has them.
    func adjusted(_ desired: DesiredAccess, for old: Access) -> Access {
        var access = desired.access
        if !desired.templateConflict.isEmpty { access.templates = old.templates }
        access.templates = access.templates.filter {
            book.templates.template(named: $0)?.retired != true || old.templates.contains($0)
        }
        return access
    }

    mutating func reportTemplates(_ item: PersonCase) {
        let desired = desired(item.grantSet)
        if !desired.templateConflict.isEmpty {
            let names = ruleNames(desired.templateConflict)
            findings.append(
                Finding(
                    code: "template.conflict", weight: .warning, person: key(of: item), label: label(of: item),
                    message:
                        "rules \(names) give different templates with equal priority; the person keeps what they have",
                    hint: "give one of the rules a higher `template_priority`"))
        }
        let old = item.flags.contains(.joiner) ? Access.none : book[item.oldAccess]
        for name in desired.access.templates
        where book.templates.template(named: name)?.retired == true && !old.templates.contains(name) {
            findings.append(
                Finding(
                    code: "template.retired", weight: .warning, person: key(of: item), label: label(of: item),
                    message: "template `\(name)` is retired, so nobody new gets it",
                    hint: "name another template in the rule"))
        }
    }

    func ruleNames(_ instances: [UInt32]) -> String {
        var names: [String] = []
        for instance in instances where Int(instance) < input.evaluation.instances.count {
            let rule = input.evaluation.instances[Int(instance)].rule
            let name = rule < input.rules.count ? "`\(input.rules[rule].name)` (\(input.rules[rule].place))" : "\(rule)"
            if !names.contains(name) { names.append(name) }
        }
        return names.joined(separator: " and ")
    }
}

/// Withholding what is privileged, one grant at a time.
extension Planning {
    /// Beyond the limit, and unless approved by name, nobody gains a privilege; the rest of what they get goes on.
    mutating func withholdPrivileges() {
        guard allowed == .everything else { return }
        let gains = privilegeGains()
        if gains.isEmpty { return }
        let window = GuardWindow(settings.limits.windowSeconds, of: input.roster.recent, before: input.now)
        let limit = settings.limits.privilegedGain.value(base: census.base) - window.people(.privilegedGain)
        var unapproved = 0
        var kept: [UInt64: UInt32] = [:]
        for gain in gains {
            let index = gain.caseIndex
            cases[index].flags.insert(.gainsPrivilege)
            if let use = approvals.take(key(of: cases[index]).id, .privilegedGain) {
                approvedGains[index] = use
                continue
            }
            unapproved += 1
            if unapproved <= limit { continue }
            let item = cases[index]
            let present = present(index)
            let pair = UInt64(present) << 32 | UInt64(item.wanted)
            let access = kept[pair] ?? withholding(item, present)
            kept[pair] = access
            cases[index].wanted = shielded(index, access)
            cases[index].flags.insert(.withheld)
            withheld.append((index, gain.what))
        }
    }

    /// What is left once a privilege is withheld, or what somebody protected has, where that would be less.
    private mutating func shielded(_ index: Int, _ access: UInt32) -> UInt32 {
        let item = cases[index]
        guard item.flags.contains(.protected), !item.flags.contains(.joiner), access != item.oldAccess else {
            return access
        }
        let present = present(index)
        guard book.loses(from: book[present], to: book[access]) else { return access }
        reportNotLowered(item)
        return present
    }

    /// Who gains what, in the order of emails.
    private mutating func privilegeGains() -> [(caseIndex: Int, what: [HeldPrivilege])] {
        var gains: [(caseIndex: Int, what: [HeldPrivilege], label: String, key: PersonKey)] = []
        var none: [UInt64: Bool] = [:]
        for index in cases.indices where cases[index].wanted != cases[index].oldAccess {
            let item = cases[index]
            let pair = UInt64(item.oldAccess) << 32 | UInt64(item.wanted)
            if none[pair] == true { continue }
            let gained = book.gained(item.wanted, beside: item.oldAccess)
            none[pair] = gained.isEmpty
            if gained.isEmpty { continue }
            gains.append((index, gained.sorted { precedes($0.text, $1.text) }, label(of: item), key(of: item)))
        }
        gains.sort { $0.label == $1.label ? $0.key < $1.key : precedes($0.label, $1.label) }
        return gains.map { ($0.caseIndex, $0.what) }
    }

    /// The wanted access without what would be a new privilege; roles, grants, permissions and an only template go back to
    /// the present ones.
    private mutating func withholding(_ item: PersonCase, _ present: UInt32) -> UInt32 {
        let held = book.privileges(item.oldAccess)
        let old = book[present]
        let wanted = book[item.wanted]
        func isNew(_ part: Access) -> Bool {
            !book.privileges(in: part).subtracting(held).allSatisfy { book.isCovered($0, by: old.roles) }
        }
        var result = wanted
        var shut: [ScopePath] = []
        result.roles = wanted.roles.filter { role in
            guard isNew(Access(roles: [role])) else { return true }
            shut.append(role.scope)
            return false
        }
        for scope in shut {
            result = result.keeping(old, in: scope)
        }
        let shutGrants = result.grants.filter { isNew(Access(grants: [$0])) }
        result.grants.removeAll(where: shutGrants.contains)
        for shut in shutGrants {
            result.grants += old.grants.filter { $0.scope == shut.scope && !result.grants.contains($0) }
        }
        result.templates = result.templates.filter { !isNew(Access(templates: [$0])) }
        if result.templates.isEmpty, !wanted.templates.isEmpty, settings.platform.templatesPerUser == .one {
            result.templates = old.templates
        }
        result.permissions = result.permissions.filter { !isNew(Access(permissions: [$0])) }
        for setting in old.permissions where !result.permissions.contains(where: { $0.area == setting.area }) {
            if wanted.permissions.contains(where: { $0.area == setting.area }) { result.permissions.append(setting) }
        }
        if result.roles.isEmpty, old.roles.isEmpty { return item.flags.contains(.joiner) ? 0 : present }
        return book.number(
            of: Access(
                roles: result.roles, templates: result.templates, switches: result.switches, grants: result.grants,
                permissions: result.permissions))
    }
}

extension Access {
    /// This access with the roles and grants that the old one has in a scope, inside and around it, where this one has none.
    func keeping(_ old: Access, in scope: ScopePath) -> Access {
        var result = self
        for role in old.roles
        where role.scope.isInside(scope) || scope.isInside(role.scope) {
            if self.role(in: role.scope) != nil { continue }
            result.roles.append(role)
        }
        for grant in old.grants where grant.scope.isInside(scope) && !grants.contains(grant) {
            result.grants.append(grant)
        }
        return Access(
            roles: result.roles, templates: templates, switches: switches, grants: result.grants,
            permissions: permissions)
    }
}

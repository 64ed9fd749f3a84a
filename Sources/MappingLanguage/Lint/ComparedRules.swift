import AccessModel
import DirectoryModel

/// The rules of a mapping, ready to be compared with each other two by two.
struct ComparedRules {
    /// Rules of one mapping that are compared; of more the first ones.
    private static let most = 400

    let mapping: Mapping
    /// Places of the rules that are compared.
    let places: [Int]
    /// What each rule's condition asks about, by place: a condition without `not` is met by nobody of whom none of it is known.
    private let subjects: [Set<String>]
    private let negates: [Bool]

    /// Without rules that match nobody anyway.
    init(_ mapping: Mapping, without idle: Set<Int>) {
        self.mapping = mapping
        places = mapping.rules.indices.prefix(ComparedRules.most).filter { !idle.contains($0) }
        subjects = mapping.rules.map { ComparedRules.subjects($0.condition) }
        negates = mapping.rules.map { ComparedRules.negates($0.condition) }
    }

    /// Whether whoever one rule matches is matched by the other, too.
    ///
    /// An open word means the same in both only where both have it of the same groups.
    func implies(_ place: Int, _ other: Int) -> Bool {
        if !negates[other], subjects[place].isDisjoint(with: subjects[other]) { return false }
        let (rule, wider) = (mapping.rules[place], mapping.rules[other])
        let mine = ComparedRules.openNames(rule)
        guard ComparedRules.openNames(wider).allSatisfy(mine.contains) else { return false }
        return ConditionLogic.implies(rule.condition, wider.condition)
    }

    /// Whether another rule gives everything that the rule gives, to everybody whom it matches.
    func isShadowed(_ place: Int, by other: Int) -> Bool {
        let (rule, wider) = (mapping.rules[place], mapping.rules[other])
        guard place != other, gives(wider, atLeast: rule, isFirst: other < place), !isSaidAlready(rule, wider),
            implies(place, other)
        else { return false }
        // Of two that give the same to the same people, the later one is told.
        return !(place < other && gives(rule, atLeast: wider, isFirst: true) && implies(other, place))
    }

    /// The plainest case has a warning of its own.
    private func isSaidAlready(_ left: Rule, _ right: Rule) -> Bool {
        left.condition.text == right.condition.text && Lint.isSame(left, right)
    }

    private func gives(_ wider: Rule, atLeast rule: Rule, isFirst: Bool) -> Bool {
        let (more, less) = (wider.gift, rule.gift)
        guard let high = mapping.platform.rank(of: more.role), let low = mapping.platform.rank(of: less.role) else {
            return false
        }
        guard less.permissions.isEmpty || less.permissions == more.permissions,
            less.switches.allSatisfy(more.switches.contains), less.grants.allSatisfy(more.grants.contains),
            less.templates.allSatisfy(more.templates.contains),
            less.templates.isEmpty || rule.templatePriority <= wider.templatePriority
        else { return false }
        if more.workspace != less.workspace {
            return more.workspace == nil && less.grants.isEmpty && mapping.platform.covers(more.role, less.role)
        }
        if high < low { return true }
        // The same role: who wins gives `otherwise` and the reason, and the highest priority counts.
        return high == low && rule.seatPriority <= wider.seatPriority && (isFirst || rule.otherwise == wider.otherwise)
    }

    private static func openNames(_ rule: Rule) -> [String] {
        rule.condition.groups.filter { $0.reference.captured != nil }.map(\.reference.text)
    }

    private static func subjects(_ condition: Condition) -> Set<String> {
        switch condition {
        case .group(let reference): ["group \(String(decoding: TextFold.fold(reference.text), as: UTF8.self))"]
        case .attribute(let test): ["attribute \(test.name)"]
        case .under: ["under"]
        case .person: ["id"]
        case .all(let parts), .any(let parts): parts.reduce(into: []) { $0.formUnion(subjects($1)) }
        case .not(let part): subjects(part)
        }
    }

    private static func negates(_ condition: Condition) -> Bool {
        switch condition {
        case .group, .attribute, .under, .person: false
        case .all(let parts), .any(let parts): parts.contains(where: negates)
        case .not: true
        }
    }
}

import DirectoryModel

/// Answers bound conditions as sets of people.
struct ConditionEvaluator {
    private let mirror: Mirror
    private let tests: [RecordTest]
    private let members: GroupMembers
    /// Whom a group counts under a `not`.
    private let shut: GroupMembers
    /// Answers for everybody, where many questions need them.
    private var known: [Int: PersonSet] = [:]
    private var count: Int { mirror.people.count }

    init(_ mirror: Mirror, tests: [RecordTest], members: GroupMembers, shut: GroupMembers) {
        self.mirror = mirror
        self.tests = tests
        self.members = members
        self.shut = shut
    }

    /// Answers in one pass those tests that would otherwise look at more records together than there are.
    mutating func prepare(_ conditions: [BoundCondition]) {
        var cost = [Int](repeating: 0, count: tests.count)
        for condition in conditions { addCost(of: condition, among: count, to: &cost) }
        let asked = cost.indices.filter { cost[$0] * 2 >= count && cost[$0] > 0 }
        guard !asked.isEmpty else { return }
        var scan = RecordScan(mirror, tests, asked: asked)
        let passing = scan.passing(among: nil)
        for place in asked { known[place] = .canonical(sorted: passing[place], people: count) }
    }

    /// The people who meet the condition, among `domain` where it is given.
    func people(
        _ condition: BoundCondition, among domain: PersonSet? = nil, negated: Bool = false
    ) -> PersonSet {
        switch condition {
        case .nobody: return .empty
        case .group(let place, let nested):
            return limited((negated ? shut : members).set(place, nested: nested), to: domain)
        case .people(let people): return limited(.canonical(sorted: people.sorted(), people: count), to: domain)
        case .test(let place): return answer(place, among: domain)
        case .all(let parts):
            var domain = domain
            for part in parts.filter(\.isNarrow) + parts.filter({ !$0.isNarrow }) {
                if domain?.isEmpty == true { return .empty }
                domain = people(part, among: domain, negated: negated)
            }
            return domain ?? .empty
        case .any(let parts):
            return parts.reduce(.empty) { $0.union(people($1, among: domain, negated: negated), people: count) }
        case .not(let part):
            let everybody = domain ?? .everybody(of: count)
            return everybody.subtracting(people(part, among: domain, negated: !negated), people: count)
        }
    }

    private func limited(_ set: PersonSet, to domain: PersonSet?) -> PersonSet {
        domain.map { set.intersection($0, people: count) } ?? set
    }

    private func answer(_ test: Int, among domain: PersonSet?) -> PersonSet {
        if let everybody = known[test] { return limited(everybody, to: domain) }
        var scan = RecordScan(mirror, tests, asked: [test])
        return .canonical(sorted: scan.passing(among: domain)[test], people: count)
    }

    /// Adds how many records each test would look at.
    private func addCost(of condition: BoundCondition, among size: Int, to cost: inout [Int]) {
        switch condition {
        case .nobody, .group, .people: break
        case .test(let place): cost[place] += size
        case .not(let part): addCost(of: part, among: size, to: &cost)
        case .any(let parts): for part in parts { addCost(of: part, among: size, to: &cost) }
        case .all(let parts):
            let narrowed = parts.reduce(size) { min($0, bound(of: $1)) }
            for part in parts { addCost(of: part, among: part.isNarrow ? size : narrowed, to: &cost) }
        }
    }

    /// At most so many people meet the condition.
    private func bound(of condition: BoundCondition) -> Int {
        switch condition {
        case .nobody: 0
        case .group(let place, let nested): members.set(place, nested: nested).count
        case .people(let people): people.count
        case .test, .not: count
        case .all(let parts): parts.reduce(count) { min($0, bound(of: $1)) }
        case .any(let parts): min(count, parts.reduce(0) { $0 + bound(of: $1) })
        }
    }
}

/// Members of every mapped group, by its place.
struct GroupMembers {
    var effective: [PersonSet]
    /// Direct members, where they are known apart.
    var direct: [PersonSet?]

    func set(_ place: Int, nested: Bool) -> PersonSet {
        nested ? effective[place] : direct[place] ?? effective[place]
    }
}

import DirectoryModel

/// What conditions say whatever the directory holds: whether anybody can meet one, and whether one meets another.
///
/// It is right where it says that something cannot be, and says nothing where the conditions are too large to be tried out.
struct ConditionLogic {
    /// One thing that a condition asks about somebody.
    private enum Atom: Hashable {
        case group([UInt8], nested: Bool)
        case test(String, AttributeTest.Operator)
        case under([UInt8])
        case person(PersonReference)

        static func == (left: Atom, right: Atom) -> Bool {
            switch (left, right) {
            case (.group(let mine, let nested), .group(let other, let also)): mine == other && nested == also
            case (.test(let name, let mine), .test(let other, let also)): name == other && mine == also
            case (.under(let mine), .under(let other)): mine == other
            case (.person(let mine), .person(let other)): mine.id == other.id && mine.directory == other.directory
            default: false
            }
        }

        func hash(into hasher: inout Hasher) {
            switch self {
            case .group(let name, _): hasher.combine(name)
            case .test(let name, _): hasher.combine(name)
            case .under(let base): hasher.combine(base)
            case .person(let person): hasher.combine(person.id)
            }
        }
    }

    /// A condition over numbered atoms.
    private indirect enum Formula {
        case atom(Int)
        case all([Formula])
        case any([Formula])
        case not(Formula)
    }

    /// Steps after which nothing is said.
    private static let stepsAtMost = 20_000

    private var atoms: [Atom] = []
    private var places: [Atom: Int] = [:]
    /// Atoms that hold wherever another one does, and those that never do, by its place.
    private var implied: [[Int]] = []
    private var excluded: [[Int]] = []
    private var steps = 0

    /// Whether nobody can meet the condition, whatever the directory holds.
    static func isImpossible(_ condition: Condition) -> Bool {
        var logic = ConditionLogic()
        return !logic.isPossible(logic.formula(condition))
    }

    /// Whether everybody meets it.
    static func isCertain(_ condition: Condition) -> Bool {
        var logic = ConditionLogic()
        return !logic.isPossible(.not(logic.formula(condition)))
    }

    /// Whether whoever meets the one meets the other.
    static func implies(_ one: Condition, _ other: Condition) -> Bool {
        var logic = ConditionLogic()
        return !logic.isPossible(.all([logic.formula(one), .not(logic.formula(other))]))
    }

    private mutating func formula(_ condition: Condition) -> Formula {
        switch condition {
        case .group(let reference): .atom(place(.group(TextFold.fold(reference.text), nested: reference.nested)))
        case .attribute(let test): .atom(place(.test(test.name, test.operator)))
        case .under(let base):
            .atom(place(.under((try? DNCanonicalForm.of(Array(base.dn.utf8))) ?? Array(base.dn.utf8))))
        case .person(let reference): .atom(place(.person(reference)))
        case .all(let parts): .all(parts.map { formula($0) })
        case .any(let parts): .any(parts.map { formula($0) })
        case .not(let part): .not(formula(part))
        }
    }

    private mutating func place(_ atom: Atom) -> Int {
        if let known = places[atom] { return known }
        places[atom] = atoms.count
        atoms.append(atom)
        return atoms.count - 1
    }

    private mutating func isPossible(_ formula: Formula) -> Bool {
        implied = atoms.map { one in
            atoms.indices.filter { atoms[$0] != one && ConditionLogic.implies(one, atoms[$0]) }
        }
        excluded = atoms.map { one in
            atoms.indices.filter { atoms[$0] != one && ConditionLogic.excludes(one, atoms[$0]) }
        }
        steps = 0
        return search(formula, [Bool?](repeating: nil, count: atoms.count))
    }

    /// Tries atoms one by one, with what follows from each; true where it gave up.
    private mutating func search(_ formula: Formula, _ known: [Bool?]) -> Bool {
        steps += 1
        if steps > ConditionLogic.stepsAtMost { return true }
        switch ConditionLogic.value(formula, known) {
        case true?: return true
        case false?: return false
        case nil: break
        }
        guard let next = known.firstIndex(where: { $0 == nil }) else { return false }
        for value in [true, false] {
            if let with = assumed(next, value, known), search(formula, with) { return true }
        }
        return false
    }

    /// What is known once an atom has a value; nil where that contradicts something.
    private func assumed(_ atom: Int, _ value: Bool, _ known: [Bool?]) -> [Bool?]? {
        var known = known
        var pending = [(atom, value)]
        while let (place, value) = pending.popLast() {
            if let before = known[place] {
                if before != value { return nil }
                continue
            }
            known[place] = value
            if value {
                pending += implied[place].map { ($0, true) } + excluded[place].map { ($0, false) }
            } else {
                pending += implied.indices.filter { implied[$0].contains(place) }.map { ($0, false) }
            }
        }
        return known
    }

    /// The value of a formula as far as it is known (Kleene).
    private static func value(_ formula: Formula, _ known: [Bool?]) -> Bool? {
        switch formula {
        case .atom(let place): return known[place]
        case .not(let part): return value(part, known).map { !$0 }
        case .all(let parts):
            let values = parts.map { value($0, known) }
            return values.contains(false) ? false : values.contains(nil) ? nil : true
        case .any(let parts):
            let values = parts.map { value($0, known) }
            return values.contains(true) ? true : values.contains(nil) ? nil : false
        }
    }

    /// Whether whatever has the one has the other: an attribute may have several values, so one value never excludes another.
    private static func implies(_ one: Atom, _ other: Atom) -> Bool {
        switch (one, other) {
        case (.group(let mine, false), .group(let also, true)): mine == also
        case (.test(let mine, let test), .test(let also, let wider)): mine == also && isWithin(test, wider)
        case (.under(let mine), .under(let base)):
            mine.withUnsafeBytes { name in base.withUnsafeBytes { DNCanonicalForm.isUnder(name, base: $0) } }
        default: false
        }
    }

    private static func isWithin(_ test: AttributeTest.Operator, _ wider: AttributeTest.Operator) -> Bool {
        if case .present = wider { return true }
        let values: [String]
        switch test {
        case .equals(let value): values = [value]
        case .oneOf(let several): values = several
        case .matches(let pattern):
            if case .matches(let other) = wider { return other == pattern || other.matchesEverything }
            return false
        case .present: return false
        }
        return values.allSatisfy { value in
            switch wider {
            case .equals(let wanted): TextFold.fold(wanted) == TextFold.fold(value)
            case .oneOf(let wanted): wanted.contains { TextFold.fold($0) == TextFold.fold(value) }
            case .matches(let pattern): pattern.matches(value)
            case .present: true
            }
        }
    }

    private static func excludes(_ one: Atom, _ other: Atom) -> Bool {
        switch (one, other) {
        case (.under, .under): !implies(one, other) && !implies(other, one)
        case (.person(let mine), .person(let also)): mine.id != also.id
        default: false
        }
    }
}

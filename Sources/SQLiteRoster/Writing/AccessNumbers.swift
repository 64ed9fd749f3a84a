import AccessModel
import Reconciliation

/// The numbers of the accesses of one plan: found by text, written when first needed, their effective permissions kept up to date.
final class AccessNumbers {
    private let connection: OpaquePointer
    private let plan: TargetPlan
    private let target: Int64
    /// By place in the plan; 0 for one that the file does not hold yet.
    private var numbers: [Int64]
    private let texts: [String]
    private let parts: AccessPartsWriter

    init(_ connection: OpaquePointer, _ plan: TargetPlan, target: Int64) throws {
        self.connection = connection
        self.plan = plan
        self.target = target
        texts = plan.accesses.map(\.canonicalText)
        numbers = []
        parts = try AccessPartsWriter(connection)
        let find = try SQLStatement(connection, "SELECT access, effective FROM accesses WHERE target = ? AND text = ?")
        for (place, text) in texts.enumerated() {
            find.bind(1, target)
            find.bind(2, text: text)
            var found: Int64 = 0
            var outdated = false
            try find.forEach {
                found = find.integer(0)
                outdated = !find.bytes(1).elementsEqual(effective(place).utf8)
            }
            numbers.append(found)
            if outdated { try update(place) }
        }
    }

    func number(of place: UInt32) throws -> Int64 {
        guard Int(place) < numbers.count else {
            throw RosterError(
                kind: .fault, message: "a plan of `\(plan.target)` names an access that it does not hold",
                hint: "the roster is unchanged; report this as a bug of Rollcall")
        }
        if numbers[Int(place)] == 0 { try add(Int(place)) }
        return numbers[Int(place)]
    }

    private func effective(_ place: Int) -> String {
        place < plan.effective.count ? plan.effective[place] : ""
    }

    private func update(_ place: Int) throws {
        let statement = try SQLStatement(connection, "UPDATE accesses SET effective = ? WHERE access = ?")
        statement.bind(1, text: effective(place))
        statement.bind(2, numbers[place])
        try statement.run()
        try parts.rewrite(effective: effective(place), access: numbers[place])
    }

    private func add(_ place: Int) throws {
        let insert = try SQLStatement(connection, "INSERT INTO accesses (target, text, effective) VALUES (?, ?, ?)")
        insert.bind(1, target)
        insert.bind(2, text: texts[place])
        insert.bind(3, text: effective(place))
        try insert.run()
        numbers[place] = try integer(connection, "SELECT last_insert_rowid()") ?? 0
        try parts.write(plan.accesses[place], effective: effective(place), access: numbers[place])
    }
}

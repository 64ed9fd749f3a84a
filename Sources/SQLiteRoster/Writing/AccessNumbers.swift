import AccessModel
import Reconciliation

/// The numbers of the accesses of one plan: found by text, written when first needed, their effective permissions kept up to date.
///
/// A plan about part of the people stands on definitions that did not change: what it does not name is as it was.
final class AccessNumbers {
    private let connection: OpaquePointer
    private let plan: TargetPlan
    private let target: Int64
    /// By place in the plan; 0 for one that the file does not hold yet, nil for one that was not looked for.
    private var numbers: [Int64?]
    private let find: SQLStatement
    private let parts: AccessPartsWriter

    /// Whether an access is new in the file, or permits something else than it did.
    private(set) var hasWritten = false
    /// What the digests of the tables of accesses change by.
    var differences: [String: DigestSum] { parts.differences }

    init(_ connection: OpaquePointer, _ plan: TargetPlan, target: Int64) throws {
        self.connection = connection
        self.plan = plan
        self.target = target
        numbers = Array(repeating: nil, count: plan.accesses.count)
        parts = try AccessPartsWriter(connection)
        find = try SQLStatement(connection, "SELECT access, effective FROM accesses WHERE target = ? AND text = ?")
        guard plan.lookedAt == nil else { return }
        for place in plan.accesses.indices { _ = try known(place) }
    }

    func number(of place: UInt32) throws -> Int64 {
        guard Int(place) < numbers.count else {
            throw RosterError(
                kind: .fault, message: "a plan of `\(plan.target)` names an access that it does not hold",
                hint: "the roster is unchanged; report this as a bug of Rollcall")
        }
        let known = try known(Int(place))
        return known != 0 ? known : try add(Int(place))
    }

    /// The number of an access in the file, whose permissions are then those of today; 0 where it is not there.
    private func known(_ place: Int) throws -> Int64 {
        if let number = numbers[place] { return number }
        find.bind(1, target)
        find.bind(2, text: plan.accesses[place].canonicalText)
        var found: Int64 = 0
        var isOutdated = false
        try find.forEach {
            found = find.integer(0)
            isOutdated = !find.bytes(1).elementsEqual(effective(place).utf8)
        }
        numbers[place] = found
        if isOutdated { try update(place, found) }
        return found
    }

    private func effective(_ place: Int) -> String {
        place < plan.effective.count ? plan.effective[place] : ""
    }

    private func update(_ place: Int, _ number: Int64) throws {
        let statement = try SQLStatement(connection, "UPDATE accesses SET effective = ? WHERE access = ?")
        statement.bind(1, text: effective(place))
        statement.bind(2, number)
        try statement.run()
        hasWritten = true
        try parts.rewrite(effective: effective(place), access: number)
    }

    private func add(_ place: Int) throws -> Int64 {
        let insert = try SQLStatement(connection, "INSERT INTO accesses (target, text, effective) VALUES (?, ?, ?)")
        insert.bind(1, target)
        insert.bind(2, text: plan.accesses[place].canonicalText)
        insert.bind(3, text: effective(place))
        try insert.run()
        hasWritten = true
        let number = try integer(connection, "SELECT last_insert_rowid()") ?? 0
        numbers[place] = number
        try parts.write(plan.accesses[place], effective: effective(place), access: number)
        return number
    }
}

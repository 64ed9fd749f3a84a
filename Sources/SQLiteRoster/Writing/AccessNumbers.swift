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

    init(_ connection: OpaquePointer, _ plan: TargetPlan, target: Int64) throws {
        self.connection = connection
        self.plan = plan
        self.target = target
        texts = plan.accesses.map(\.canonicalText)
        numbers = []
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
        let clear = try SQLStatement(connection, "DELETE FROM access_permissions WHERE access = ?")
        clear.bind(1, numbers[place])
        try clear.run()
        try writePermissions(place)
    }

    private func add(_ place: Int) throws {
        let insert = try SQLStatement(connection, "INSERT INTO accesses (target, text, effective) VALUES (?, ?, ?)")
        insert.bind(1, target)
        insert.bind(2, text: texts[place])
        insert.bind(3, text: effective(place))
        try insert.run()
        numbers[place] = try integer(connection, "SELECT last_insert_rowid()") ?? 0
        let part = try SQLStatement(
            connection, "INSERT INTO access_parts (access, place, kind, scope, name, value) VALUES (?, ?, ?, ?, ?, ?)")
        for (order, piece) in AccessPart.parts(of: plan.accesses[place]).enumerated() {
            part.bind(1, numbers[place])
            part.bind(2, order)
            part.bind(3, text: piece.kind.rawValue)
            part.bind(4, text: piece.scope)
            part.bind(5, text: piece.name)
            part.bind(6, text: piece.value)
            try part.run()
        }
        try writePermissions(place)
    }

    private func writePermissions(_ place: Int) throws {
        let insert = try SQLStatement(
            connection, "INSERT INTO access_permissions (access, place, scope, area, permission) VALUES (?, ?, ?, ?, ?)"
        )
        for (order, part) in PermissionPart.parts(ofEffective: effective(place)).enumerated() {
            insert.bind(1, numbers[place])
            insert.bind(2, order)
            insert.bind(3, text: part.scope)
            insert.bind(4, text: part.area)
            insert.bind(5, text: part.permission)
            try insert.run()
        }
    }
}

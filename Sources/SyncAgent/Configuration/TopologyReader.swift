import AccessModel
import Diagnostics

/// Resolves a target's `topology:` against its platform.
struct TopologyReader {
    let platform: Platform
    var diagnostics: DiagnosticList
    private var scopes: [ScopeInstance] = []
    private var pools: [SeatPool] = []

    init(platform: Platform, diagnostics: DiagnosticList) {
        self.platform = platform
        self.diagnostics = diagnostics
    }

    /// Best effort where there are errors.
    mutating func topology(_ node: YAMLNode?) -> Topology {
        scopes.append(ScopeInstance(path: .root))
        let inner = platform.scopes.count > 1 ? platform.scopes[1] + "s" : nil
        for field in node?.fields ?? [] {
            if field.key == "seats" {
                readSeats(field, in: .root)
            } else if let inner, field.key == inner {
                for entry in expected(field, "names with what they have", field.value.fields) ?? [] { readScope(entry) }
            } else {
                unknown(field, ["seats"] + [inner].compactMap { $0 }, "a topology of platform `\(platform.name)`")
            }
        }
        let order: (ScopeInstance, ScopeInstance) -> Bool = { $0.path < $1.path }
        return Topology(
            scopes: scopes.sorted(by: order),
            pools: pools.sorted { $0.scope == $1.scope ? precedes($0.seatClass, $1.seatClass) : $0.scope < $1.scope })
    }

    private mutating func readScope(_ entry: YAMLField) {
        guard isID(entry.key) else {
            diagnostics.error(
                "file.wrong-text", at: entry.keyPosition,
                "expected lower-case letters and digits, with `-` between them, found `\(entry.key)`")
            return
        }
        if entry.value.fields == nil, !entry.value.isNull { _ = expected(entry, "what it has", entry.value.fields) }
        var scope = ScopeInstance(path: ScopePath([entry.key]))
        let leaves = platform.scopes.count > 2 ? platform.scopes[2] + "s" : nil
        let known = ["plan", "seats", "owners"] + [leaves].compactMap { $0 }
        for field in entry.value.fields ?? [] {
            switch field.key {
            case "plan": scope.plan = expected(field, "text", field.value.text)
            case "owners": scope.ownersHoldSeats = expected(field, "`true` or `false`", field.value.boolean) ?? false
            case "seats": readSeats(field, in: scope.path)
            case let key where key == leaves: readLeaves(field, in: scope.path)
            default: unknown(field, known, "a \(platform.scopes[1])")
            }
        }
        scopes.append(scope)
    }

    private mutating func readLeaves(_ field: YAMLField, in scope: ScopePath) {
        var seen: Set<String> = []
        for name in expected(field, "a list", field.value.texts) ?? [] {
            if seen.insert(name.value).inserted {
                scopes.append(ScopeInstance(path: ScopePath(scope.components + [name.value])))
            } else {
                diagnostics.error(
                    "config.duplicate-name", at: name.position, "`\(name.value)` stands here twice",
                    hint: "remove one of the two")
            }
        }
    }

    /// `40`, or `{editor: 5, price: 29 EUR}`.
    private mutating func readSeats(_ field: YAMLField, in scope: ScopePath) {
        let classes = platform.seatClasses.filter { $0.scope == scope.depth }.map(\.name)
        guard !classes.isEmpty else {
            diagnostics.error(
                "config.no-seats-here", at: field.keyPosition,
                "platform `\(platform.name)` has no seats per \(platform.scopes[scope.depth])",
                hint: seatsElsewhere ?? "remove `seats`")
            return
        }
        if let limit = field.value.integer {
            if classes.count == 1 {
                pools.append(SeatPool(scope: scope, seatClass: classes[0], limit: limit))
            } else {
                let names = classes.map { "`\($0)`" }.joined(separator: ", ")
                diagnostics.error(
                    "config.which-seats", at: field.value.position, "say which seats these are: \(names)",
                    hint: "write `seats: {\(classes[0]): \(limit)}`")
            }
            return
        }
        let price = expected(field, "a number, or an object with seats and price,", field.value.fields).flatMap {
            fields in
            fields.first { $0.key == "price" }?.value.text
        }
        for entry in field.value.fields ?? [] where entry.key != "price" {
            guard classes.contains(entry.key) else {
                unknown(entry, classes + ["price"], "the seats of a \(platform.scopes[scope.depth])")
                continue
            }
            guard let limit = expected(entry, "a whole number", entry.value.integer) else { continue }
            pools.append(SeatPool(scope: scope, seatClass: entry.key, limit: limit, price: price))
        }
    }

    private func isID(_ name: String) -> Bool {
        name.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false).allSatisfy { word in
            !word.isEmpty && word.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) }
        }
    }

    private var seatsElsewhere: String? {
        guard let seatClass = platform.seatClasses.first else { return nil }
        return "seats are per \(platform.scopes[seatClass.scope]) on this platform"
    }

    private mutating func expected<Value>(_ field: YAMLField, _ what: String, _ value: Value?) -> Value? {
        if value == nil {
            diagnostics.error(
                "file.wrong-type", at: field.value.position,
                "expected \(what) for `\(field.key)`, found `\(field.value.shownText)`")
        }
        return value
    }

    private mutating func unknown(_ field: YAMLField, _ names: [String], _ what: String) {
        diagnostics.error(
            "file.unknown-key", at: field.keyPosition, "`\(field.key)` is not a key of \(what)",
            hint: NearestName.hint(for: field.key, in: names, called: "the keys are"))
    }
}

package import Reconciliation

/// What a change of permissions comes to: only the areas that differ, and switches, read from the canonical texts of a change.
package struct PermissionDifference: Sendable, Equatable {
    /// One area of one scope, before and after.
    package struct Area: Sendable, Equatable {
        /// Empty for the outermost.
        package var scope: String
        package var area: String
        /// A level, or actions; none for nothing.
        package var before: [String]
        package var after: [String]
    }
    package private(set) var areas: [Area] = []
    package private(set) var switchedOn: [String] = []
    package private(set) var switchedOff: [String] = []

    /// Nil for other kinds of change, and for texts that are not canonical: these are shown as they are.
    package init?(_ change: Change) {
        guard change.kind == .changePermissions, let before = Side(change.before), let after = Side(change.after)
        else { return nil }
        let gone = before.places.filter { place in !after.places.contains { $0 == place } }
        for place in after.places + gone {
            let old = before.values(of: place)
            let new = after.values(of: place)
            if old == new { continue }
            areas.append(Area(scope: place.scope, area: place.area, before: old, after: new))
        }
        switchedOn = after.switches.filter { !before.switches.contains($0) }
        switchedOff = before.switches.filter { !after.switches.contains($0) }
        if areas.isEmpty, switchedOn.isEmpty, switchedOff.isEmpty { return nil }
    }

    /// `permissions experiments: view → view, create, edit; crm_access switched on`.
    package var sentence: String {
        var parts = areas.map { area in
            let place = area.scope.isEmpty ? "" : " in \(area.scope)"
            return "\(area.area)\(place): \(Side.shown(area.before)) → \(Side.shown(area.after))"
        }
        if !parts.isEmpty { parts[0] = "permissions " + parts[0] }
        parts += switchedOn.map { "\($0) switched on" } + switchedOff.map { "\($0) switched off" }
        return parts.joined(separator: "; ")
    }

    /// What there was of what differs: `experiments: view`.
    package var before: String { text(areas.map { ($0, $0.before) }, switchedOff) }

    /// What there is of what differs.
    package var after: String { text(areas.map { ($0, $0.after) }, switchedOn) }

    private func text(_ sides: [(area: Area, values: [String])], _ switches: [String]) -> String {
        let parts = sides.map { area, values in
            "\(area.area)\(area.scope.isEmpty ? "" : " in \(area.scope)"): \(Side.shown(values))"
        }
        return (parts + switches.map { "\($0) on" }).joined(separator: "; ")
    }

    /// One of the two texts: `support:integrations=view+edit;:users=view;+crm_access`, or `integrations: view+edit`.
    private struct Side {
        struct Place: Equatable {
            var scope: String
            var area: String
        }
        var places: [Place] = []
        var values: [[String]] = []
        var switches: [String] = []

        init?(_ text: String?) {
            for part in (text ?? "").utf8.split(separator: UInt8(ascii: ";")) {
                if part.first == UInt8(ascii: "+") {
                    switches.append(String(Substring(part.dropFirst())))
                    continue
                }
                guard let colon = part.firstIndex(of: UInt8(ascii: ":")) else { return nil }
                let rest = part[part.index(after: colon)...]
                if let equals = rest.firstIndex(of: UInt8(ascii: "=")) {
                    let scope = String(Substring(part[..<colon]))
                    add(scope == "/" ? "" : scope, rest[..<equals], rest[rest.index(after: equals)...])
                } else if rest.first == UInt8(ascii: " ") {
                    add("", part[..<colon], rest.dropFirst())
                } else {
                    return nil
                }
            }
        }

        private mutating func add(_ scope: String, _ area: Substring.UTF8View, _ names: Substring.UTF8View) {
            places.append(Place(scope: scope, area: String(Substring(area))))
            values.append(names.split(separator: UInt8(ascii: "+")).map { String(Substring($0)) })
        }

        func values(of place: Place) -> [String] {
            places.firstIndex { $0 == place }.map { values[$0] } ?? []
        }

        static func shown(_ values: [String]) -> String {
            values.isEmpty ? "none" : values.joined(separator: ", ")
        }
    }
}

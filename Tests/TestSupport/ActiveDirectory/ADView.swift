/// An object as a search shows it: the attributes asked for, long ones in ranges.
struct ADView {
    let domain: ADDomain
    let entry: ADEntry
    let maxValRange: Int
    let isBase: Bool

    func attributes(_ asked: [String]) -> [LDAPEntryParts.Attribute] {
        var names = asked
        if names.isEmpty || names.contains("*") {
            names = names.filter { $0 != "*" } + entry.attributes.values.map(\.name).sorted()
        }
        return names.flatMap { show($0) }
    }

    /// Beyond the limit the attribute itself comes empty, beside a range of its values.
    private func show(_ asked: String) -> [LDAPEntryParts.Attribute] {
        let parts = asked.split(separator: ";", maxSplits: 1).map(String.init)
        let (name, all) = values(parts.first ?? "")
        guard !all.isEmpty else { return [] }
        guard parts.count == 2, parts[1].lowercased().hasPrefix("range=") else {
            guard all.count > maxValRange else { return [.init(name, all)] }
            return [.init(name, []), .init("\(name);range=0-\(maxValRange - 1)", Array(all[..<maxValRange]))]
        }
        let bounds = parts[1].dropFirst(6).split(separator: "-").map(String.init)
        guard let low = bounds.first.flatMap({ Int($0) }), low < all.count else { return [] }
        let wanted = bounds.last.flatMap { Int($0) } ?? .max
        let high = min(wanted, low + maxValRange - 1, all.count - 1)
        guard high >= low else { return [] }
        let end = high == all.count - 1 ? "*" : String(high)
        return [.init("\(name);range=\(low)-\(end)", Array(all[low...high]))]
    }

    private func values(_ name: String) -> (String, [[UInt8]]) {
        switch name.lowercased() {
        case "usnchanged": return ("uSNChanged", [Array(String(entry.sequence).utf8)])
        case "distinguishedname": return ("distinguishedName", [Array(entry.dn.utf8)])
        case "tokengroups": return ("tokenGroups", isBase ? domain.tokenGroups(of: entry) : [])
        case "invocationid":
            return ("invocationId", ADName.key(entry.dn) == ADName.key(ADDomain.service) ? [domain.invocation] : [])
        case "parentguid":
            return ("parentGUID", domain.entry(ADName.parent(entry.dn)).map { [$0.guid] } ?? [])
        default:
            let attribute = entry.attributes[name.lowercased()]
            return (attribute?.name ?? name, attribute?.values ?? [])
        }
    }
}

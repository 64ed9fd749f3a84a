/// Filters as the stub evaluates them over its objects: true, false, or undefined (RFC 4511 §4.5.1.7).
struct ADFilter {
    let domain: ADDomain
    let entry: ADEntry

    func matches(_ filter: BERElement) -> Bool? {
        let parts = filter.parts
        switch filter.tag {
        case 0xa0: return all(parts)
        case 0xa1: return any(parts)
        case 0xa2: return parts.first.flatMap { matches($0) }.map { !$0 }
        case 0x87: return !values(filter.text).isEmpty
        case 0xa9: return extensible(parts)
        case 0xa3, 0xa4, 0xa5, 0xa6:
            guard parts.count == 2 else { return nil }
            return compare(filter.tag, parts[0].text, parts[1])
        default: return nil
        }
    }

    private func all(_ parts: [BERElement]) -> Bool? {
        let found = parts.map { matches($0) }
        if found.contains(false) { return false }
        return found.contains(nil) ? nil : true
    }

    private func any(_ parts: [BERElement]) -> Bool? {
        let found = parts.map { matches($0) }
        if found.contains(true) { return true }
        return found.contains(nil) ? nil : false
    }

    private func values(_ name: String) -> [[UInt8]] {
        switch name.lowercased() {
        case "usnchanged": [Array(String(entry.sequence).utf8)]
        case "distinguishedname": [Array(entry.dn.utf8)]
        case "memberof": domain.entries.filter(holdsEntry).map { Array($0.dn.utf8) }
        default: entry.attributes[name.lowercased()]?.values ?? []
        }
    }

    private func holdsEntry(_ group: ADEntry) -> Bool {
        let key = ADName.key(entry.dn)
        return group.texts("member").contains { ADName.key($0) == key }
    }

    private func compare(_ tag: UInt8, _ name: String, _ asserted: BERElement) -> Bool? {
        let all = values(name)
        switch tag {
        case 0xa3:
            if name.lowercased() == "objectcategory" { return all.contains { isCategory($0, asserted.text) } }
            return all.contains { isEqual($0, asserted.content) }
        case 0xa4: return all.contains { hasParts($0, asserted) }
        default:
            guard let limit = Int(asserted.text) else { return nil }
            let numbers = all.compactMap { Int(String(decoding: $0, as: UTF8.self)) }
            return numbers.contains { tag == 0xa5 ? $0 >= limit : $0 <= limit }
        }
    }

    /// The class's own name stands for its DN.
    private func isCategory(_ value: [UInt8], _ asserted: String) -> Bool {
        let text = String(decoding: value, as: UTF8.self).lowercased()
        return text == asserted.lowercased() || text.hasPrefix("cn=\(asserted.lowercased()),")
    }

    private func isEqual(_ value: [UInt8], _ asserted: [UInt8]) -> Bool {
        if value == asserted { return true }
        let (one, other) = (String(decoding: value, as: UTF8.self), String(decoding: asserted, as: UTF8.self))
        return one.lowercased() == other.lowercased() || (one.contains("=") && ADName.key(one) == ADName.key(other))
    }

    private func hasParts(_ value: [UInt8], _ asserted: BERElement) -> Bool {
        var rest = String(decoding: value, as: UTF8.self).lowercased()[...]
        for part in asserted.parts {
            let text = part.text.lowercased()
            switch part.tag {
            case 0x80:
                guard rest.hasPrefix(text) else { return false }
                rest = rest.dropFirst(text.count)
            case 0x82: guard rest.hasSuffix(text) else { return false }
            default:
                guard let range = rest.firstRange(of: text) else { return false }
                rest = rest[range.upperBound...]
            }
        }
        return true
    }

    /// Bitwise and, bitwise or, and membership through nesting.
    private func extensible(_ parts: [BERElement]) -> Bool? {
        guard let rule = parts.first(where: { $0.tag == 0x81 })?.text,
            let name = parts.first(where: { $0.tag == 0x82 })?.text,
            let asserted = parts.first(where: { $0.tag == 0x83 })
        else { return nil }
        let numbers = values(name).compactMap { Int(String(decoding: $0, as: UTF8.self)) }
        switch rule {
        case "1.2.840.113556.1.4.803": return Int(asserted.text).map { mask in numbers.contains { $0 & mask == mask } }
        case "1.2.840.113556.1.4.804": return Int(asserted.text).map { mask in numbers.contains { $0 & mask != 0 } }
        case "1.2.840.113556.1.4.1941":
            guard name.lowercased() == "memberof", let group = domain.entry(asserted.text),
                let id = group.attributes["objectsid"]?.values.first
            else { return nil }
            return domain.tokenGroups(of: entry).contains(id)
        default: return nil
        }
    }
}

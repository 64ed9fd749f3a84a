/// Where people stand, guessed from some of their DNs: the fewest entries that have all of them below.
package struct BranchGuess {
    /// More branches than this are no better than the suffix above them.
    private static let most = 5

    /// The DNs of branches below the suffix, in the order of their first member; the suffix where they stand right below it.
    ///
    /// Names that cannot be read, or are not below the suffix, do not count.
    package static func branches(of dns: [String], below suffix: String) -> [String] {
        let base = parts(suffix)
        guard (try? DistinguishedName(suffix)) != nil else { return [] }
        var groups: [(key: String, path: [String])] = []
        for dn in dns {
            guard let path = path(dn, base.count, suffix) else { continue }
            guard let first = path.first else { return [suffix] }
            let key = first.lowercased()
            if let known = groups.firstIndex(where: { $0.key == key }) {
                groups[known].path = common(groups[known].path, path)
            } else {
                groups.append((key, path))
            }
            if groups.count > most { return [suffix] }
        }
        return groups.map { group in (group.path.reversed() + [suffix]).joined(separator: ",") }
    }

    /// The containers of an entry from the suffix down, as they are written; nil for an entry that is not below it.
    private static func path(_ dn: String, _ depth: Int, _ suffix: String) -> [String]? {
        guard let name = try? DistinguishedName(dn), let base = try? DistinguishedName(suffix), name.isUnder(base),
            name != base
        else { return nil }
        let all = parts(dn)
        guard all.count > depth else { return nil }
        return Array(all.dropLast(depth).dropFirst().reversed())
    }

    private static func common(_ left: [String], _ right: [String]) -> [String] {
        zip(left, right).prefix { $0.lowercased() == $1.lowercased() }.map(\.0)
    }

    /// The RDNs as they are written.
    package static func parts(_ dn: String) -> [String] {
        var parts: [[UInt8]] = [[]]
        var isEscaped = false
        var isQuoted = false
        for byte in dn.utf8 {
            if !isEscaped, !isQuoted, byte == UInt8(ascii: ",") {
                parts.append([])
                continue
            }
            if byte == UInt8(ascii: "\""), !isEscaped { isQuoted.toggle() }
            isEscaped = !isEscaped && byte == UInt8(ascii: "\\")
            parts[parts.count - 1].append(byte)
        }
        return parts.map { part in
            let start = part.firstIndex { $0 != 0x20 } ?? part.endIndex
            return String(decoding: part[start...], as: UTF8.self)
        }
    }
}

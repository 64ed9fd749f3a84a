/// A search filter as a tree (RFC 4511 §4.5.1.7): values go in as bytes and are escaped on the way out, so data never become syntax.
package indirect enum LDAPFilter: Sendable, Equatable {
    case and([LDAPFilter])
    case or([LDAPFilter])
    case not(LDAPFilter)
    case present(String)
    case equal(String, [UInt8])
    case approximate(String, [UInt8])
    case atLeast(String, [UInt8])
    case atMost(String, [UInt8])
    case substrings(String, initial: [UInt8], any: [[UInt8]], final: [UInt8])
    /// A matching rule named by the filter: type, whether DN parts count, rule.
    case extensible(type: String, dn: Bool, rule: String, value: [UInt8])

    /// Every entry.
    package static let everything = LDAPFilter.present("objectClass")

    package static func equal(_ type: String, _ text: String) -> LDAPFilter { .equal(type, Array(text.utf8)) }

    /// Entries that match `self` and not `exclusion`.
    package func excluding(_ exclusion: LDAPFilter?) -> LDAPFilter {
        exclusion.map { .and([self, .not($0)]) } ?? self
    }

    /// The filter as RFC 4515 writes it; only ASCII, whatever the values hold.
    package var text: String {
        var out = ""
        write(to: &out)
        return out
    }

    /// Attribute types that the filter mentions, as written.
    package var types: [String] {
        switch self {
        case .and(let parts), .or(let parts): parts.flatMap(\.types)
        case .not(let part): part.types
        case .present(let type), .equal(let type, _), .approximate(let type, _), .atLeast(let type, _),
            .atMost(let type, _), .substrings(let type, _, _, _):
            [type]
        case .extensible(let type, _, _, _): type.isEmpty ? [] : [type]
        }
    }

    private func write(to out: inout String) {
        out += "("
        switch self {
        case .and(let parts):
            out += "&"
            for part in parts { part.write(to: &out) }
        case .or(let parts):
            out += "|"
            for part in parts { part.write(to: &out) }
        case .not(let part):
            out += "!"
            part.write(to: &out)
        case .present(let type): out += type + "=*"
        case .equal(let type, let value): out += type + "=" + LDAPFilter.escaped(value)
        case .approximate(let type, let value): out += type + "~=" + LDAPFilter.escaped(value)
        case .atLeast(let type, let value): out += type + ">=" + LDAPFilter.escaped(value)
        case .atMost(let type, let value): out += type + "<=" + LDAPFilter.escaped(value)
        case .substrings(let type, let initial, let any, let final):
            out += type + "=" + ([initial] + any + [final]).map(LDAPFilter.escaped).joined(separator: "*")
        case .extensible(let type, let dn, let rule, let value):
            out += type + (dn ? ":dn" : "") + (rule.isEmpty ? "" : ":" + rule) + ":=" + LDAPFilter.escaped(value)
        }
        out += ")"
    }

    /// A value with everything but harmless ASCII as `\XX`, byte by byte.
    package static func escaped(_ value: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var out: [UInt8] = []
        for byte in value {
            switch byte {
            case 0..<0x20, 0x7f...0xff, UInt8(ascii: "*"), UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "\\"):
                out += [UInt8(ascii: "\\"), digits[Int(byte >> 4)], digits[Int(byte & 0x0f)]]
            default:
                out.append(byte)
            }
        }
        return String(decoding: out, as: UTF8.self)
    }
}

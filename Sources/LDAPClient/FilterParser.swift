/// Why a filter written by hand is not one (RFC 4515), and where.
package struct FilterSyntaxError: Error, Sendable, Equatable {
    package enum Reason: String, Sendable, Equatable {
        case missingOpen = "`(` is missing"
        case missingClose = "`)` is missing"
        case textAfterEnd = "text follows the end of the filter"
        case missingType = "an attribute name is missing"
        case badType = "an attribute name holds a character that is not a letter, digit, `-`, `.` or `;`"
        case missingOperator = "one of `=`, `>=`, `<=`, `~=` or `:=` is missing; there is no `<` or `>`"
        case badEscape = "a backslash is followed by something other than two hexadecimal digits"
        case unescapedSpecial = "`(`, `)` or `*` stands in a value where only `\\28`, `\\29` or `\\2a` may"
        case emptyList = "`&` or `|` has no filters after it"
        case tooDeep = "filters are nested more than 32 deep"
        case tooLong = "the filter is longer than 65536 bytes"
    }

    package let reason: Reason
    /// Offset of the offending byte.
    package let offset: Int

    package init(reason: Reason, offset: Int) {
        self.reason = reason
        self.offset = offset
    }
}

extension LDAPFilter {
    /// The filter that an administrator wrote; what libldap would let through wrongly is refused here.
    package init(parsing text: String) throws(FilterSyntaxError) {
        var parser = FilterParser(bytes: Array(text.utf8))
        self = try parser.whole()
    }
}

/// Reads RFC 4515 by descent, with limits on length and depth.
private struct FilterParser {
    let bytes: [UInt8]
    var index = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    mutating func whole() throws(FilterSyntaxError) -> LDAPFilter {
        guard bytes.count <= 65536 else { throw FilterSyntaxError(reason: .tooLong, offset: 65536) }
        skipSpaces()
        let filter = try filter(depth: 0)
        skipSpaces()
        guard index == bytes.count else { throw failure(.textAfterEnd) }
        return filter
    }

    private mutating func filter(depth: Int) throws(FilterSyntaxError) -> LDAPFilter {
        guard depth < 32 else { throw failure(.tooDeep) }
        guard peek == UInt8(ascii: "(") else { throw failure(.missingOpen) }
        index += 1
        skipSpaces()
        let result: LDAPFilter
        switch peek {
        case UInt8(ascii: "&"):
            index += 1
            result = .and(try list(depth))
        case UInt8(ascii: "|"):
            index += 1
            result = .or(try list(depth))
        case UInt8(ascii: "!"):
            index += 1
            skipSpaces()
            result = .not(try filter(depth: depth + 1))
            skipSpaces()
        default:
            result = try comparison()
        }
        guard peek == UInt8(ascii: ")") else { throw failure(.missingClose) }
        index += 1
        return result
    }

    private mutating func list(_ depth: Int) throws(FilterSyntaxError) -> [LDAPFilter] {
        var parts: [LDAPFilter] = []
        skipSpaces()
        while peek == UInt8(ascii: "(") {
            parts.append(try filter(depth: depth + 1))
            skipSpaces()
        }
        guard !parts.isEmpty else { throw failure(.emptyList) }
        return parts
    }

    private mutating func comparison() throws(FilterSyntaxError) -> LDAPFilter {
        let type = try name()
        switch peek {
        case UInt8(ascii: "="):
            index += 1
            return try equality(type)
        case UInt8(ascii: ">"):
            try expectEquals()
            return .atLeast(type, try plainValue())
        case UInt8(ascii: "<"):
            try expectEquals()
            return .atMost(type, try plainValue())
        case UInt8(ascii: "~"):
            try expectEquals()
            return .approximate(type, try plainValue())
        case UInt8(ascii: ":"):
            return try extensible(type)
        case .none:
            throw failure(type.isEmpty ? .missingType : .missingOperator)
        default:
            throw failure(type.isEmpty && peek == UInt8(ascii: ")") ? .missingType : .badType)
        }
    }

    private mutating func name() throws(FilterSyntaxError) -> String {
        let start = index
        while let byte = peek, FilterParser.isName(byte) { index += 1 }
        let name = String(decoding: bytes[start..<index], as: UTF8.self)
        skipSpaces()
        if name.isEmpty, let byte = peek, "=<>~".utf8.contains(byte) { throw failure(.missingType) }
        return name
    }

    private static func isName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: ";"):
            true
        default: false
        }
    }

    private mutating func expectEquals() throws(FilterSyntaxError) {
        index += 1
        guard peek == UInt8(ascii: "=") else { throw failure(.missingOperator) }
        index += 1
    }

    /// Reads what follows `:`: an optional `dn`, an optional rule, `:=` and the value.
    private mutating func extensible(_ type: String) throws(FilterSyntaxError) -> LDAPFilter {
        var dn = false
        var rule = ""
        while peek == UInt8(ascii: ":") {
            index += 1
            if peek == UInt8(ascii: "=") {
                index += 1
                guard !type.isEmpty || !rule.isEmpty else { throw failure(.missingType) }
                return .extensible(type: type, dn: dn, rule: rule, value: try plainValue())
            }
            let word = try name()
            if word.lowercased() == "dn", !dn, rule.isEmpty { dn = true } else { rule = word }
        }
        throw failure(.missingOperator)
    }

    private mutating func equality(_ type: String) throws(FilterSyntaxError) -> LDAPFilter {
        var parts: [[UInt8]] = [[]]
        while let byte = peek, byte != UInt8(ascii: ")") {
            if byte == UInt8(ascii: "*") {
                parts.append([])
                index += 1
            } else {
                parts[parts.count - 1].append(try valueByte(byte))
            }
        }
        if parts.count == 1 { return .equal(type, parts[0]) }
        if parts.count == 2, parts[0].isEmpty, parts[1].isEmpty { return .present(type) }
        let any = Array(parts[1..<(parts.count - 1)])
        guard !any.contains([]) else { throw failure(.unescapedSpecial) }
        return .substrings(type, initial: parts[0], any: any, final: parts[parts.count - 1])
    }

    private mutating func plainValue() throws(FilterSyntaxError) -> [UInt8] {
        var value: [UInt8] = []
        while let byte = peek, byte != UInt8(ascii: ")") {
            guard byte != UInt8(ascii: "*") else { throw failure(.unescapedSpecial) }
            value.append(try valueByte(byte))
        }
        return value
    }

    private mutating func valueByte(_ byte: UInt8) throws(FilterSyntaxError) -> UInt8 {
        switch byte {
        case UInt8(ascii: "("), 0:
            throw failure(.unescapedSpecial)
        case UInt8(ascii: "\\"):
            guard index + 2 < bytes.count, let high = hexDigit(bytes[index + 1]), let low = hexDigit(bytes[index + 2])
            else { throw failure(.badEscape) }
            index += 3
            return high << 4 | low
        default:
            index += 1
            return byte
        }
    }

    private func hexDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    private var peek: UInt8? { index < bytes.count ? bytes[index] : nil }

    private mutating func skipSpaces() {
        while index < bytes.count, bytes[index] == UInt8(ascii: " ") || bytes[index] == UInt8(ascii: "\n") {
            index += 1
        }
    }

    private func failure(_ reason: FilterSyntaxError.Reason) -> FilterSyntaxError {
        FilterSyntaxError(reason: reason, offset: index)
    }
}

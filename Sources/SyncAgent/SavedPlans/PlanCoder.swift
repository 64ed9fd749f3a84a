import Diagnostics

/// One description of a saved plan for both directions: what it writes, it reads back, in the same order.
///
/// A value that is read starts as an empty one and is filled in.
protocol PlanCoder {
    mutating func begin(_ bracket: PlanBracket) throws(PlanFault)
    mutating func end(_ bracket: PlanBracket) throws(PlanFault)
    /// The key of the next value of an object.
    mutating func key(_ name: String) throws(PlanFault)
    mutating func code(_ value: inout Int64) throws(PlanFault)
    mutating func code(_ value: inout String) throws(PlanFault)
    mutating func code(_ value: inout Bool) throws(PlanFault)
    /// Whether a value follows; writes `null` where none does.
    mutating func presence(_ isThere: inout Bool) throws(PlanFault)
    /// While reading: whether another item follows in the list.
    mutating func hasItem() throws(PlanFault) -> Bool
    /// Whether values are filled in rather than written.
    var isReading: Bool { get }
}

enum PlanBracket { case list, object }

/// Why a saved plan cannot be read.
struct PlanFault: Error {
    /// Byte at which reading ended.
    var offset: Int
}

extension PlanCoder {
    mutating func list<Item>(
        _ items: inout [Item], empty: Item, _ body: (inout Self, inout Item) throws(PlanFault) -> Void
    ) throws(PlanFault) {
        try begin(.list)
        if isReading {
            items = []
            while try hasItem() {
                var item = empty
                try body(&self, &item)
                items.append(item)
            }
        } else {
            for var item in items { try body(&self, &item) }
        }
        try end(.list)
    }

    mutating func optional<Value>(
        _ value: inout Value?, empty: Value, _ body: (inout Self, inout Value) throws(PlanFault) -> Void
    ) throws(PlanFault) {
        var isThere = value != nil
        try presence(&isThere)
        guard isThere else {
            value = nil
            return
        }
        var inner = value ?? empty
        try body(&self, &inner)
        value = inner
    }

    mutating func code(_ value: inout Int) throws(PlanFault) { try integer(&value) }

    mutating func integer<Number: FixedWidthInteger>(_ value: inout Number) throws(PlanFault) {
        var number = Int64(truncatingIfNeeded: value)
        try code(&number)
        guard let exact = Number(exactly: number) else { throw fault }
        value = exact
    }

    mutating func code(_ value: inout String?) throws(PlanFault) {
        try optional(&value, empty: "") { (coder, text) throws(PlanFault) in try coder.code(&text) }
    }

    mutating func code(_ value: inout Int64?) throws(PlanFault) {
        try optional(&value, empty: 0) { (coder, number) throws(PlanFault) in try coder.code(&number) }
    }

    mutating func code(_ value: inout [String]) throws(PlanFault) {
        try list(&value, empty: "") { (coder, text) throws(PlanFault) in try coder.code(&text) }
    }

    /// A case by its name.
    mutating func name<Case: RawRepresentable>(_ value: inout Case) throws(PlanFault) where Case.RawValue == String {
        var name = value.rawValue
        try code(&name)
        guard let known = Case(rawValue: name) else { throw fault }
        value = known
    }

    /// Bytes that mostly are text; others as hexadecimal digits after `0x:`.
    mutating func bytes(_ value: inout [UInt8]) throws(PlanFault) {
        var text = String(validating: value, as: UTF8.self) ?? "0x:" + Hexadecimal.text(value)
        if text.utf8.starts(with: "0x:".utf8), String(validating: value, as: UTF8.self) != nil {
            text = "0x:" + Hexadecimal.text(value)
        }
        try code(&text)
        guard isReading else { return }
        guard text.utf8.starts(with: "0x:".utf8) else {
            value = Array(text.utf8)
            return
        }
        guard let found = Hexadecimal.bytes(text.utf8.dropFirst(3)) else { throw fault }
        value = found
    }

    /// Texts by name, in the order of names.
    mutating func code<Value>(
        _ value: inout [String: Value], empty: Value, _ body: (inout Self, inout Value) throws(PlanFault) -> Void
    ) throws(PlanFault) {
        var pairs = value.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map { ($0.key, $0.value) }
        try list(&pairs, empty: ("", empty)) { (coder, pair) throws(PlanFault) in
            try coder.begin(.list)
            try coder.code(&pair.0)
            try body(&coder, &pair.1)
            try coder.end(.list)
        }
        if isReading { value = Dictionary(pairs, uniquingKeysWith: { $1 }) }
    }

    var fault: PlanFault { PlanFault(offset: (self as? PlanScanner)?.offset ?? 0) }
}

/// Writes a plan.
struct PlanPrinter: PlanCoder {
    private(set) var json: JSONWriter
    let isReading = false

    init(_ json: JSONWriter) { self.json = json }

    mutating func begin(_ bracket: PlanBracket) {
        if bracket == .list { json.beginArray() } else { json.beginObject() }
    }

    mutating func end(_ bracket: PlanBracket) {
        if bracket == .list { json.endArray() } else { json.endObject() }
    }

    mutating func key(_ name: String) { json.key(name) }
    mutating func code(_ value: inout Int64) { json.value(Int(value)) }
    mutating func code(_ value: inout String) { json.value(value) }
    mutating func code(_ value: inout Bool) { json.value(value) }
    mutating func presence(_ isThere: inout Bool) { if !isThere { json.null() } }
    func hasItem() -> Bool { false }
}

/// Reads a plan, strictly: other keys, another order or anything else than what is expected ends it.
struct PlanScanner: PlanCoder {
    let isReading = true
    private let text: [UInt8]
    private(set) var offset: Int
    /// Whether a comma must come before the next value.
    private var needsComma = false

    init(_ text: [UInt8], from offset: Int) {
        self.text = text
        self.offset = offset
    }

    private func byte() -> UInt8? { offset < text.count ? text[offset] : nil }

    private mutating func skip() {
        while let byte = byte(), byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { offset += 1 }
    }

    private mutating func take(_ wanted: UInt8) throws(PlanFault) {
        skip()
        guard byte() == wanted else { throw PlanFault(offset: offset) }
        offset += 1
    }

    /// What parts a value from the one before it.
    private mutating func separate() throws(PlanFault) {
        if needsComma { try take(UInt8(ascii: ",")) }
        needsComma = true
        skip()
    }

    mutating func begin(_ bracket: PlanBracket) throws(PlanFault) {
        try separate()
        try take(bracket == .list ? UInt8(ascii: "[") : UInt8(ascii: "{"))
        needsComma = false
    }

    mutating func end(_ bracket: PlanBracket) throws(PlanFault) {
        try take(bracket == .list ? UInt8(ascii: "]") : UInt8(ascii: "}"))
        needsComma = true
    }

    mutating func key(_ name: String) throws(PlanFault) {
        try separate()
        guard try string() == name else { throw PlanFault(offset: offset) }
        try take(UInt8(ascii: ":"))
        needsComma = false
    }

    mutating func code(_ value: inout String) throws(PlanFault) {
        try separate()
        value = try string()
    }

    mutating func code(_ value: inout Int64) throws(PlanFault) {
        try separate()
        let start = offset
        if byte() == UInt8(ascii: "-") { offset += 1 }
        while let digit = byte(), (0x30...0x39).contains(digit) { offset += 1 }
        guard let number = Int64(String(decoding: text[start..<offset], as: UTF8.self)) else {
            throw PlanFault(offset: start)
        }
        value = number
    }

    mutating func code(_ value: inout Bool) throws(PlanFault) {
        try separate()
        if starts(with: "true") {
            value = true
        } else if starts(with: "false") {
            value = false
        } else {
            throw PlanFault(offset: offset)
        }
        offset += value ? 4 : 5
    }

    mutating func presence(_ isThere: inout Bool) throws(PlanFault) {
        let before = (offset, needsComma)
        try separate()
        isThere = !starts(with: "null")
        if isThere { (offset, needsComma) = before } else { offset += 4 }
    }

    mutating func hasItem() throws(PlanFault) -> Bool {
        skip()
        return byte() != UInt8(ascii: "]") && byte() != nil
    }

    private func starts(with word: String) -> Bool { text[offset...].starts(with: word.utf8) }

    private mutating func string() throws(PlanFault) -> String {
        skip()
        guard byte() == UInt8(ascii: "\"") else { throw PlanFault(offset: offset) }
        offset += 1
        var bytes: [UInt8] = []
        while let next = byte() {
            offset += 1
            switch next {
            case UInt8(ascii: "\""):
                guard let string = String(validating: bytes, as: UTF8.self) else { throw PlanFault(offset: offset) }
                return string
            case UInt8(ascii: "\\"): bytes += try escaped()
            case 0..<0x20: throw PlanFault(offset: offset)
            default: bytes.append(next)
            }
        }
        throw PlanFault(offset: offset)
    }

    private mutating func escaped() throws(PlanFault) -> [UInt8] {
        guard let letter = byte() else { throw PlanFault(offset: offset) }
        offset += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [letter]
        case UInt8(ascii: "n"): return [0x0A]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "u"): break
        default: throw PlanFault(offset: offset)
        }
        var units = [try unit()]
        if UTF16.isLeadSurrogate(units[0]) {
            guard starts(with: "\\u") else { throw PlanFault(offset: offset) }
            offset += 2
            units.append(try unit())
        }
        guard let text = String(validating: units, as: UTF16.self) else { throw PlanFault(offset: offset) }
        return Array(text.utf8)
    }

    private mutating func unit() throws(PlanFault) -> UInt16 {
        guard text.count - offset >= 4, let bytes = Hexadecimal.bytes(text[offset..<(offset + 4)]) else {
            throw PlanFault(offset: offset)
        }
        offset += 4
        return UInt16(bytes[0]) << 8 | UInt16(bytes[1])
    }
}

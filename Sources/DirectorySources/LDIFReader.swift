/// What is wrong with an LDIF file, and where.
package struct LDIFError: Error, Sendable, Equatable {
    package enum Reason: Sendable, Equatable {
        case orphanContinuation
        case badVersion
        case missingDN
        case missingColon
        case badName
        case partOfValues
        case badBase64
        case fileReference
        case changeRecord
        case searchResult
        case referral
        case controlCharacter
        case tooLong
        case cutOff

        package var text: String {
            switch self {
            case .orphanContinuation: "a continuation line follows no line"
            case .badVersion: "only version 1 of LDIF is known"
            case .missingDN: "a record does not start with `dn:`"
            case .missingColon: "`:` is missing after the attribute name"
            case .badName: "an attribute name holds a character that is not a letter, digit, `-`, `.` or `;`"
            case .partOfValues: "`;range=` after an attribute's name: the file holds a part of its values only"
            case .badBase64: "a value after `::` is not base64"
            case .fileReference: "a value after `:<` would be read from another file, which is never done"
            case .changeRecord: "a change record, where only entries are expected"
            case .searchResult: "the result of a search, where only entries are expected"
            case .referral: "a reference to another server: the file does not hold the whole directory"
            case .controlCharacter: "a NUL or a carriage return stands inside a line"
            case .tooLong: "a record is longer than 64 MiB"
            case .cutOff: "the last record ends in the middle of a line"
            }
        }

        package var hint: String {
            switch self {
            case .changeRecord, .referral: "export entries with `slapcat`, or with `ldapsearch -LLL`"
            case .searchResult: "export with `ldapsearch -LLL`"
            case .fileReference: "put the value into the file, as base64 after `::`"
            case .controlCharacter, .badBase64: "write the value as base64 after `::`"
            case .partOfValues: "export with a tool that reads long lists to their end, or read the server itself"
            case .cutOff: "the file looks cut off; write it again, and move it into place when it is whole"
            default: "correct the line"
            }
        }
    }

    package let reason: Reason
    /// Counted from 1.
    package let line: Int

    package init(reason: Reason, line: Int) {
        self.reason = reason
        self.line = line
    }
}

/// One entry of an LDIF file: the bytes of its values in one piece of memory.
struct LDIFRecord {
    struct Attribute {
        var name: Range<Int>
        var value: Range<Int>
    }

    var bytes: [UInt8] = []
    var dn = 0..<0
    var attributes: [Attribute] = []
    /// Where the record starts.
    var line = 0
}

/// Reads content records of LDIF (RFC 2849) on bytes, one after the other.
struct LDIFReader {
    private let bytes: UnsafeRawBufferPointer
    private var index = 0
    private var lineNumber = 0
    /// The line at hand, unfolded, without its end; nil at the end of the file.
    private var line: UnsafeRawBufferPointer?
    private var lineStart = 0
    private var folded: [UInt8] = []
    private var isFirst = true

    private static let longestRecord = 64 << 20

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
        if bytes.starts(with: [0xef, 0xbb, 0xbf]) { index = 3 }
    }

    /// Reads the next record into `record`; false after the last.
    mutating func next(_ record: inout LDIFRecord) throws(LDIFError) -> Bool {
        record.bytes.removeAll(keepingCapacity: true)
        record.attributes.removeAll(keepingCapacity: true)
        try skipToRecord()
        guard line != nil else { return false }
        record.line = lineStart
        record.dn = try readDN(&record.bytes)
        try readLine()
        while let current = line, !current.isEmpty {
            if current[0] != UInt8(ascii: "#") { try readAttribute(current, &record) }
            guard record.bytes.count <= LDIFReader.longestRecord else { throw failure(.tooLong) }
            try readLine()
        }
        return true
    }

    /// Goes to the first line of the next record, past blank lines, comments and the version.
    private mutating func skipToRecord() throws(LDIFError) {
        try readLine()
        while let current = line {
            if current.isEmpty || current[0] == UInt8(ascii: "#") {
                try readLine()
            } else if isFirst, try isVersion(current) {
                isFirst = false
                try readLine()
            } else {
                isFirst = false
                return
            }
        }
    }

    private func isVersion(_ line: UnsafeRawBufferPointer) throws(LDIFError) -> Bool {
        guard LDIFReader.hasPrefix(line, "version:") else { return false }
        let number = line.dropFirst(8).drop { $0 == UInt8(ascii: " ") }
        guard number.elementsEqual("1".utf8) else { throw failure(.badVersion) }
        return true
    }

    private mutating func readDN(_ out: inout [UInt8]) throws(LDIFError) -> Range<Int> {
        guard let line, LDIFReader.hasPrefix(line, "dn:") else { throw failure(wrongStart()) }
        return try appendValue(line, after: 2, to: &out)
    }

    private func wrongStart() -> LDIFError.Reason {
        guard let line else { return .missingDN }
        if LDIFReader.hasPrefix(line, "search:") || LDIFReader.hasPrefix(line, "result:") { return .searchResult }
        return LDIFReader.hasPrefix(line, "ref:") ? .referral : .missingDN
    }

    private mutating func readAttribute(_ line: UnsafeRawBufferPointer, _ record: inout LDIFRecord) throws(LDIFError) {
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { throw failure(.missingColon) }
        guard colon > 0, line[..<colon].allSatisfy(LDIFReader.isName) else {
            throw failure(LDIFReader.isRange(line[..<colon]) ? .partOfValues : .badName)
        }
        if record.attributes.isEmpty,
            LDIFReader.hasPrefix(line, "changetype:") || LDIFReader.hasPrefix(line, "control:")
        {
            throw failure(.changeRecord)
        }
        let start = record.bytes.count
        record.bytes.append(contentsOf: line[..<colon])
        let name = start..<record.bytes.count
        let value = try appendValue(line, after: colon, to: &record.bytes)
        record.attributes.append(LDIFRecord.Attribute(name: name, value: value))
    }

    /// Appends the value after the colon at `colon` and returns its place.
    private mutating func appendValue(
        _ line: UnsafeRawBufferPointer, after colon: Int, to out: inout [UInt8]
    ) throws(LDIFError) -> Range<Int> {
        var start = colon + 1
        let start0 = out.count
        let mark = start < line.count ? line[start] : 0
        guard mark != UInt8(ascii: "<") else { throw failure(.fileReference) }
        if mark == UInt8(ascii: ":") { start += 1 }
        while start < line.count, line[start] == UInt8(ascii: " ") { start += 1 }
        let text = UnsafeRawBufferPointer(rebasing: line[start...])
        if mark == UInt8(ascii: ":") {
            guard Base64.decode(text, into: &out) else { throw failure(.badBase64) }
        } else {
            guard !text.contains(where: { $0 == 0 || $0 == 13 }) else { throw failure(.controlCharacter) }
            out.append(contentsOf: text)
        }
        return start0..<out.count
    }

    // MARK: Lines

    /// Reads the next line with its continuations; `line` is nil at the end.
    private mutating func readLine() throws(LDIFError) {
        guard index < bytes.count else {
            line = nil
            lineNumber += 1
            lineStart = lineNumber
            return
        }
        var current = physicalLine()
        lineStart = lineNumber
        if current.first == UInt8(ascii: " ") { throw failure(.orphanContinuation) }
        if !current.isEmpty, index < bytes.count, bytes[index] == UInt8(ascii: " ") {
            folded.removeAll(keepingCapacity: true)
            folded.append(contentsOf: current)
            while index < bytes.count, bytes[index] == UInt8(ascii: " ") {
                folded.append(contentsOf: physicalLine().dropFirst())
                guard folded.count <= LDIFReader.longestRecord else { throw failure(.tooLong) }
            }
            current = unfolded()
        }
        line = current
    }

    /// The folded line, in memory that stays until the next folded line.
    private mutating func unfolded() -> UnsafeRawBufferPointer {
        let room = UnsafeMutableRawBufferPointer.allocate(byteCount: folded.count, alignment: 1)
        room.copyBytes(from: folded)
        scratch?.deallocate()
        scratch = room
        return UnsafeRawBufferPointer(room)
    }

    private var scratch: UnsafeMutableRawBufferPointer?

    /// Frees the memory of the last folded line.
    mutating func finish() {
        scratch?.deallocate()
        scratch = nil
    }

    private mutating func physicalLine() -> UnsafeRawBufferPointer {
        let start = index
        while index < bytes.count, bytes[index] != UInt8(ascii: "\n") { index += 1 }
        var end = index
        if end > start, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
        if index < bytes.count { index += 1 }
        lineNumber += 1
        return UnsafeRawBufferPointer(rebasing: bytes[start..<end])
    }

    private static func hasPrefix(_ line: UnsafeRawBufferPointer, _ prefix: StaticString) -> Bool {
        guard line.count >= prefix.utf8CodeUnitCount else { return false }
        return prefix.withUTF8Buffer { wanted in
            zip(line, wanted).allSatisfy { byte, letter in
                byte == letter || (0x41...0x5a).contains(byte) && byte | 0x20 == letter
            }
        }
    }

    private static func isName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: ";"),
            UInt8(ascii: "_"):
            true
        default: false
        }
    }

    /// Whether an attribute's name has the option by which Active Directory gives a long list of values in parts.
    private static func isRange(_ name: Slice<UnsafeRawBufferPointer>) -> Bool {
        guard let option = name.firstIndex(of: UInt8(ascii: ";")) else { return false }
        return hasPrefix(UnsafeRawBufferPointer(rebasing: name[(option + 1)...]), "range=")
    }

    private func failure(_ reason: LDIFError.Reason) -> LDIFError { LDIFError(reason: reason, line: lineStart) }
}

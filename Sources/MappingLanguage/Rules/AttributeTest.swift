package import Diagnostics
import DirectoryModel

/// A test of one trusted attribute of a person; it holds when any of the values passes.
package struct AttributeTest: Sendable, Hashable {
    package enum Operator: Sendable, Hashable {
        case equals(String)
        case oneOf([String])
        case matches(GlobPattern)
        case present
    }
    /// Lower-case.
    package var name: String
    package var `operator`: Operator
    package var position: SourcePosition
    /// The name as the mapping writes it, for people.
    package var shownName: String

    /// Folds the name; attribute names know no case.
    package init(name: String, operator: Operator, position: SourcePosition) {
        self.name = name.lowercased()
        shownName = name
        self.operator = `operator`
        self.position = position
    }

    /// The test in words, without any value of a person: `title matches "*on-call*"`.
    package var description: String {
        switch self.operator {
        case .equals(let value): "\(shownName) equals \"\(value)\""
        case .oneOf(let values): "\(shownName) is one of " + values.map { "\"\($0)\"" }.joined(separator: ", ")
        case .matches(let pattern): "\(shownName) matches \"\(pattern.text)\""
        case .present: "\(shownName) is present"
        }
    }
}

/// An attribute test with its operands folded once, ready for many values.
struct FoldedTest: Sendable {
    private let wanted: [[UInt8]]
    private let pattern: GlobPattern?
    private let isPresence: Bool

    init(_ test: AttributeTest) {
        switch test.operator {
        case .equals(let value): (wanted, pattern, isPresence) = ([TextFold.fold(value)], nil, false)
        case .oneOf(let values): (wanted, pattern, isPresence) = (values.map { TextFold.fold($0) }, nil, false)
        case .matches(let glob): (wanted, pattern, isPresence) = ([], glob, false)
        case .present: (wanted, pattern, isPresence) = ([], nil, true)
        }
    }

    /// Whether a value as the directory wrote it passes; one that is not UTF-8 passes only a test of presence.
    func passes(_ value: UnsafeRawBufferPointer, scratch: inout [UInt8]) -> Bool {
        if isPresence { return !value.isEmpty }
        scratch.removeAll(keepingCapacity: true)
        if !FoldedTest.foldPlain(value, into: &scratch) {
            scratch.removeAll(keepingCapacity: true)
            guard TextFold.fold(value, into: &scratch) else { return false }
        }
        return scratch.withUnsafeBytes { folded in
            if let pattern { return pattern.matches(folded: folded) }
            return wanted.contains { $0.count == folded.count && folded.elementsEqual($0) }
        }
    }

    func passes(_ value: String) -> Bool {
        var scratch: [UInt8] = []
        return Array(value.utf8).withUnsafeBytes { passes($0, scratch: &scratch) }
    }

    /// Folds ASCII text in which no two spaces meet and none stands at an end; false for everything else.
    static func foldPlain(_ value: UnsafeRawBufferPointer, into out: inout [UInt8]) -> Bool {
        var before = UInt8(ascii: " ")
        for byte in value {
            if byte >= 0x80 || (byte == 0x20 && before == 0x20) { return false }
            before = byte
            out.append((0x41...0x5a).contains(byte) ? byte | 0x20 : byte)
        }
        return before != 0x20 || value.isEmpty
    }
}

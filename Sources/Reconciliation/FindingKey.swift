import Diagnostics
import DirectoryModel

/// What a finding is about, so that the next night knows it again: code and subject, not the words, and no counts.
package enum FindingKey {
    package static func of(_ finding: Finding) -> String {
        if let person = finding.person { return "\(finding.code) \(person.directory) \(person.id)" }
        return "\(finding.code) \(finding.label.isEmpty ? subject(of: finding.message) : finding.label)"
    }

    /// The code that a key begins with.
    package static func code(of key: String) -> String {
        String(Substring(key.utf8.prefix { $0 != UInt8(ascii: " ") }))
    }

    /// The name by which a human means the finding: eight letters and digits, the same every night.
    package static func id(of key: String, target: String) -> String {
        var hash = SHA256()
        hash.add("\(target.utf8.count) \(target) \(key)")
        var bits: UInt64 = 0
        for byte in hash.finish().prefix(5) { bits = bits << 8 | UInt64(byte) }
        let digits = (0..<8).map { alphabet[Int(truncatingIfNeeded: bits >> UInt64(35 - 5 * $0) & 31)] }
        return String(decoding: digits, as: UTF8.self)
    }

    /// Letters and digits that nobody takes for one another when they are read out.
    private static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)

    /// The names in a message, which stand in backticks.
    package static func names(in message: String) -> [String] {
        let parts = message.utf8.split(separator: UInt8(ascii: "`"), omittingEmptySubsequences: false)
        return parts.enumerated().filter { $0.offset % 2 == 1 }.map { String(Substring($0.element)) }
    }

    /// The names in a message; a message without any, but for its numbers.
    ///
    /// `rule … wins (6 people) (mappings/vivi.yaml:46)` is the same finding with 4 people, or a line further down.
    private static func subject(of message: String) -> String {
        let names = names(in: message)
        if !names.isEmpty { return names.joined(separator: " ") }
        return String(decoding: message.utf8.filter { !(0x30...0x39).contains($0) }, as: UTF8.self)
    }
}

extension Finding {
    /// The name by which a human means it, on a target.
    package func id(on target: String) -> String { FindingKey.id(of: FindingKey.of(self), target: target) }
}

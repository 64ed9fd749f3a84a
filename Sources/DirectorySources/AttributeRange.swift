internal import DirectoryModel

/// The part of an attribute's values that a description names: `member;range=0-1499` (MS-ADTS §3.1.1.3.1.3.3).
struct AttributeRange: Equatable {
    /// The attribute without the option.
    var name: String
    var first: Int
    /// nil for `*`: the part goes to the end.
    var last: Int?

    /// nil for a description without a range; one that cannot be read, or goes backwards, is no range either.
    init?(_ description: some Sequence<UInt8>) {
        let parts = Array(description).split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false)
        guard parts.count == 2, parts[1].prefix(6).map({ $0 | 0x20 }).elementsEqual("range=".utf8.map { $0 | 0x20 })
        else { return nil }
        let bounds = parts[1].dropFirst(6).split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard bounds.count == 2, let first = AttributeRange.number(bounds[0]) else { return nil }
        name = String(decoding: parts[0], as: UTF8.self)
        self.first = first
        if bounds[1].elementsEqual("*".utf8) { return }
        guard let last = AttributeRange.number(bounds[1]), last >= first else { return nil }
        self.last = last
    }

    private static func number(_ text: some Collection<UInt8>) -> Int? {
        guard let value = WireNumber.signed(text), value >= 0, value < Int64(UInt32.max) else { return nil }
        return Int(value)
    }

    /// What to ask for after so many values.
    static func rest(of name: String, after count: Int) -> String { "\(name);range=\(count)-*" }
}

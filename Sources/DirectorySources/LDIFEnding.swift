internal import DirectoryModel

/// Looks at the end of an LDIF file for signs that whoever wrote it did not come to an end.
///
/// A file cut exactly between two records shows none.
struct LDIFEnding {
    private let bytes: UnsafeRawBufferPointer

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    /// Throws when the last line does not end.
    func checkNewline() throws(LDIFError) {
        guard let last = bytes.last, last != UInt8(ascii: "\n") else { return }
        throw failure
    }

    /// Throws when the last line of the last record names a member, but not wholly.
    func checkMember(_ record: LDIFRecord, attributes: [String]) throws(LDIFError) {
        guard let last = record.attributes.last else { return }
        let isWhole = record.bytes.withUnsafeBytes { bytes in
            let name = bytes[last.name].map { (0x41...0x5a).contains($0) ? $0 | 0x20 : $0 }
            guard attributes.contains(where: { $0.lowercased().utf8.elementsEqual(name) }) else { return true }
            return LDIFEnding.isWholeName(UnsafeRawBufferPointer(rebasing: bytes[last.value]))
        }
        guard isWhole else { throw failure }
    }

    /// Whether it is a DN, not empty, whose last value is not empty either.
    private static func isWholeName(_ value: UnsafeRawBufferPointer) -> Bool {
        let name = UnsafeRawBufferPointer(rebasing: value[..<OptionalUID.nameLength(value)])
        guard let last = name.last(where: { $0 != UInt8(ascii: " ") }), last != UInt8(ascii: "=") else { return false }
        var canonical: [UInt8] = []
        return (try? DNCanonicalForm.normalize(name, into: &canonical)) != nil
    }

    /// Names the last line that is not blank.
    private var failure: LDIFError {
        let blank: Set<UInt8> = [UInt8(ascii: "\n"), UInt8(ascii: "\r")]
        let end = bytes.lastIndex { !blank.contains($0) } ?? 0
        return LDIFError(reason: .cutOff, line: bytes[..<end].count { $0 == UInt8(ascii: "\n") } + 1)
    }
}

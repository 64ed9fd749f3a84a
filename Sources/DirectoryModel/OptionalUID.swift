/// The syntax of `uniqueMember` (RFC 4517 §3.3.21): a name, and maybe a bit string after `#`.
package enum OptionalUID {
    /// How many of the bytes are the name: all, or those before a closing `#'0101'B`.
    ///
    /// A `#` that belongs to the name is not mistaken for one: the suffix must be bits in quotes and end in `B`.
    package static func nameLength(_ value: UnsafeRawBufferPointer) -> Int {
        let end = value.count
        guard end >= 4, value[end - 1] == UInt8(ascii: "B"), value[end - 2] == UInt8(ascii: "'") else { return end }
        var index = end - 3
        while index >= 0, value[index] == UInt8(ascii: "0") || value[index] == UInt8(ascii: "1") { index -= 1 }
        guard index >= 1, value[index] == UInt8(ascii: "'"), value[index - 1] == UInt8(ascii: "#") else { return end }
        let isEscaped = index >= 2 && value[index - 2] == UInt8(ascii: "\\")
        return isEscaped ? end : index - 1
    }
}

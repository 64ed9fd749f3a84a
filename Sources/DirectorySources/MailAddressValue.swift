/// A value of an attribute that holds addresses of several systems, each after its system's name: `smtp:`, `X500:`, `SIP:`.
struct MailAddressValue {
    private static let attributes: Set<String> = ["proxyaddresses", "targetaddress"]

    /// The email address, without its prefix.
    let address: UnsafeRawBufferPointer
    /// Whether it is the one to write to, which is told by `SMTP:` in capitals.
    let isPrimary: Bool

    static func isUsed(by attribute: String) -> Bool { attributes.contains(attribute.lowercased()) }

    /// nil for an address of another system; one without a prefix is an email address.
    init?(_ value: UnsafeRawBufferPointer) {
        guard let colon = value.firstIndex(of: UInt8(ascii: ":")) else {
            address = value
            isPrimary = false
            return
        }
        let prefix = value[..<colon]
        guard prefix.map({ $0 | 0x20 }).elementsEqual("smtp".utf8), colon + 1 < value.count else { return nil }
        address = UnsafeRawBufferPointer(rebasing: value[(colon + 1)...])
        isPrimary = prefix.elementsEqual("SMTP".utf8)
    }
}

/// Spellings of one attribute type brought to one: names are case-insensitive, and an OID or a long name means the same as the short one.
package enum AttributeTypeName {
    /// The canonical spelling of a type given in any case, name or OID; unknown types only become lower-case.
    package static func canonical(_ type: some Sequence<UInt8>) -> [UInt8] {
        var lower: [UInt8] = []
        for byte in type {
            lower.append((UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte)
        }
        return lower.withUnsafeBytes { alias(of: $0).map { Array($0.utf8) } } ?? lower
    }

    /// The short name of a lower-case type; nil when it has no other spelling than itself.
    ///
    /// Types that name most entries (`cn`, `uid`, `ou`, `dc`, `o`) are answered without a look at the table.
    @inline(__always)
    static func alias(of lower: UnsafeRawBufferPointer) -> String? {
        switch lower.count {
        case 2:
            if lower[1] == UInt8(ascii: "n") && lower[0] != UInt8(ascii: "g") { return nil }
            if lower[1] == UInt8(ascii: "u") || lower[1] == UInt8(ascii: "c") { return nil }
        case 3:
            if lower[0] == UInt8(ascii: "u"), lower[1] == UInt8(ascii: "i"), lower[2] == UInt8(ascii: "d") {
                return nil
            }
        default:
            break
        }
        return lookUp(lower)
    }

    @inline(never)
    private static func lookUp(_ lower: UnsafeRawBufferPointer) -> String? {
        var name = lower[...]
        if name.starts(with: "oid.".utf8) { name = name.dropFirst(4) }
        guard let first = name.first else { return nil }
        let bare = String(decoding: name, as: UTF8.self)
        if let short = table[bare] { return short }
        let isOID = (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first)
        return isOID && name.count < lower.count ? bare : nil
    }

    /// RFC 4519 §2, RFC 4524 §2, RFC 2985 for e-mail; `e` and `s` are the spellings of Active Directory and X.500 tools.
    private static let table: [String: String] = [
        "commonname": "cn", "2.5.4.3": "cn",
        "surname": "sn", "2.5.4.4": "sn",
        "2.5.4.5": "serialnumber",
        "countryname": "c", "2.5.4.6": "c",
        "localityname": "l", "2.5.4.7": "l",
        "stateorprovincename": "st", "s": "st", "2.5.4.8": "st",
        "streetaddress": "street", "2.5.4.9": "street",
        "organizationname": "o", "2.5.4.10": "o",
        "organizationalunitname": "ou", "2.5.4.11": "ou",
        "2.5.4.12": "title",
        "2.5.4.13": "description",
        "2.5.4.17": "postalcode",
        "2.5.4.20": "telephonenumber",
        "2.5.4.41": "name",
        "gn": "givenname", "2.5.4.42": "givenname",
        "2.5.4.43": "initials",
        "2.5.4.44": "generationqualifier",
        "2.5.4.45": "x500uniqueidentifier",
        "2.5.4.46": "dnqualifier",
        "2.5.4.65": "pseudonym",
        "userid": "uid", "0.9.2342.19200300.100.1.1": "uid",
        "rfc822mailbox": "mail", "0.9.2342.19200300.100.1.3": "mail",
        "host": "host", "0.9.2342.19200300.100.1.9": "host",
        "domaincomponent": "dc", "0.9.2342.19200300.100.1.25": "dc",
        "associateddomain": "associateddomain", "0.9.2342.19200300.100.1.37": "associateddomain",
        "e": "email", "emailaddress": "email", "pkcs9email": "email", "1.2.840.113549.1.9.1": "email",
        "1.3.6.1.1.16.4": "entryuuid",
        "2.16.840.1.113730.3.1.3": "employeenumber",
        "2.16.840.1.113730.3.1.241": "displayname",
    ]
}

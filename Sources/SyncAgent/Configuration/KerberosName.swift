/// How names look in Kerberos.
enum KerberosName {
    /// `rollcall@EXAMPLE.ORG` or `host/name@EXAMPLE.ORG`.
    static func isPrincipal(_ text: String) -> Bool {
        let parts = text.utf8.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
        return parts.count == 2
            && parts.allSatisfy { part in !part.isEmpty && part.allSatisfy { $0 > 0x20 && $0 < 0x7F } }
    }

    /// Whether a cache is named by its kind, such as `KEYRING:persistent:1000`, and not by a path alone.
    static func isCacheOfAKind(_ text: String) -> Bool {
        ["FILE:", "DIR:", "KEYRING:", "KCM:", "API:"].contains { text.utf8.starts(with: $0.utf8) }
    }
}

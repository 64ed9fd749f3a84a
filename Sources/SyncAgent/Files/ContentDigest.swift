import Diagnostics

/// SHA-256 of bytes as 64 hexadecimal digits, for telling whether a file is still the one it was.
enum ContentDigest {
    static func of(_ bytes: some Sequence<UInt8>) -> String { Hexadecimal.text(SHA256.digest(Array(bytes))) }

    static func of(_ text: String) -> String { of(text.utf8) }
}

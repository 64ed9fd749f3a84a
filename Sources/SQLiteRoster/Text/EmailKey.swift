import Foundation

/// The form in which emails are compared: full case fold, composed (NFC); plain bytes where they are ASCII.
enum EmailKey {
    /// Writes the key of an email into `key`, which keeps its memory from call to call.
    static func write(_ email: UnsafeRawBufferPointer, into key: inout [UInt8]) {
        key.removeAll(keepingCapacity: true)
        for byte in email {
            if byte >= 0x80 {
                let folded = String(decoding: email, as: UTF8.self).uppercased().lowercased()
                key = Array(folded.precomposedStringWithCanonicalMapping.utf8)
                return
            }
            key.append(byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte)
        }
    }

    static func key(_ email: String) -> String {
        var email = email
        var key: [UInt8] = []
        email.withUTF8 { write(UnsafeRawBufferPointer($0), into: &key) }
        return String(decoding: key, as: UTF8.self)
    }
}

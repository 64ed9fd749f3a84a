import Glibc

/// Collects LDIF and writes it to standard output in large pieces.
struct LDIFOutput {
    private var buffer: [UInt8] = []
    private static let pieceSize = 1 << 20

    init() {
        buffer.reserveCapacity(Self.pieceSize + (1 << 16))
    }

    mutating func put(_ text: StaticString) {
        text.withUTF8Buffer { buffer.append(contentsOf: $0) }
    }

    mutating func put(_ bytes: some Collection<UInt8>) {
        buffer.append(contentsOf: bytes)
    }

    /// `key: value`, or `key:: base64` where the value is no safe string (RFC 2849).
    mutating func line(_ key: StaticString, _ value: [UInt8]) {
        put(key)
        if isSafe(value) {
            put(": ")
            put(value)
        } else {
            put(":: ")
            putBase64(value)
        }
        put("\n")
    }

    /// Ends a record; passes a full buffer on.
    mutating func endRecord() {
        put("\n")
        if buffer.count >= Self.pieceSize { flush() }
    }

    mutating func flush() {
        var start = 0
        while start < buffer.count {
            let written = buffer.withUnsafeBytes { bytes in
                Glibc.write(1, bytes.baseAddress?.advanced(by: start), bytes.count - start)
            }
            guard written > 0 else { fail("cannot write to standard output: \(String(cString: strerror(errno)))") }
            start += written
        }
        buffer.removeAll(keepingCapacity: true)
    }

    private func isSafe(_ value: [UInt8]) -> Bool {
        guard let first = value.first, let last = value.last else { return true }
        if first == UInt8(ascii: " ") || first == UInt8(ascii: ":") || first == UInt8(ascii: "<") { return false }
        return last != UInt8(ascii: " ") && value.allSatisfy { (32..<127).contains($0) }
    }

    private mutating func putBase64(_ value: [UInt8]) {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var index = 0
        while index < value.count {
            let count = min(3, value.count - index)
            var bits = UInt32(value[index]) << 16
            if count > 1 { bits |= UInt32(value[index + 1]) << 8 }
            if count > 2 { bits |= UInt32(value[index + 2]) }
            for place in 0..<4 {
                let digit = alphabet[Int(bits >> UInt32(18 - 6 * place)) & 63]
                buffer.append(place <= count ? digit : UInt8(ascii: "="))
            }
            index += 3
        }
    }
}

internal import Glibc

/// What a server's certificate says (RFC 5280), as far as it matters for why it is not accepted.
package struct ServerCertificate: Sendable, Equatable {
    /// Common names of its subject and of who signed it, escaped and cut; empty where there is none.
    package var subject = ""
    package var issuer = ""
    /// Whether subject and issuer are the same name.
    package var isSelfIssued = false
    /// `2026-11-21 12:00:00 UTC`; empty where it cannot be read.
    package var notBefore = ""
    package var notAfter = ""
    /// Host names and addresses it is for (subjectAltName).
    package var names: [String] = []
    package var addresses: [String] = []
    /// Bits of an RSA key; nil for other keys.
    package var rsaBits: Int?
    /// Whether it is signed by way of MD5 or SHA-1.
    package var hasWeakSignature = false
    /// SubjectPublicKeyInfo in DER, by whose SHA-256 a key is pinned.
    package var publicKey: [UInt8] = []
    /// Purposes it is limited to, by their OIDs; empty without a limit.
    package var purposes: [[UInt8]] = []

    /// Whether a server may show it: it is not limited to other purposes.
    package var isForServers: Bool {
        purposes.isEmpty || purposes.contains(OID.serverAuthentication) || purposes.contains(OID.anyPurpose)
    }

    /// Whether its names hold for a host: as written, by `*` for the first label, or by address.
    package func covers(_ host: String) -> Bool {
        let host = host.lowercased()
        return addresses.contains(host)
            || names.contains { name in
                let name = name.lowercased()
                guard name.utf8.starts(with: "*.".utf8), let dot = host.utf8.firstIndex(of: UInt8(ascii: ".")) else {
                    return name == host
                }
                return host.utf8[dot...].elementsEqual(name.utf8.dropFirst())
            }
    }

    /// Reads a certificate in DER; nil when it is none.
    package init?(der: [UInt8]) {
        let read = der.withUnsafeBytes { bytes -> ServerCertificate? in
            do throws(BERFault) { return try ServerCertificate(reading: bytes) } catch { return nil }
        }
        guard let read else { return nil }
        self = read
    }

    private init(reading bytes: UnsafeRawBufferPointer) throws(BERFault) {
        var file = BERCursor(bytes)
        var certificate = BERCursor(try file.next(0x30))
        var body = BERCursor(try certificate.next(0x30))
        _ = try body.nextIf(0xa0)
        _ = try body.next(0x02)
        var algorithm = BERCursor(try body.next(0x30))
        hasWeakSignature = OID.weakSignatures.contains(Array(try algorithm.next(0x06)))
        let issuer = try body.next(0x30)
        var validity = BERCursor(try body.next(0x30))
        let subject = try body.next(0x30)
        isSelfIssued = issuer.elementsEqual(subject)
        self.issuer = try ServerCertificate.commonName(issuer)
        self.subject = try ServerCertificate.commonName(subject)
        notBefore = try ServerCertificate.time(&validity)
        notAfter = try ServerCertificate.time(&validity)
        let key = try body.next(0x30)
        var writer = BERWriter()
        writer.octets(key, tag: 0x30)
        publicKey = writer.bytes
        rsaBits = try ServerCertificate.rsaBits(key)
        _ = try body.nextIf(0xa1)
        _ = try body.nextIf(0xa2)
        if let wrapped = try body.nextIf(0xa3) { try readExtensions(wrapped) }
    }

    private static func commonName(_ name: UnsafeRawBufferPointer) throws(BERFault) -> String {
        var sets = BERCursor(name)
        var found = ""
        while !sets.isAtEnd {
            var set = BERCursor(try sets.next(0x31))
            while !set.isAtEnd {
                var pair = BERCursor(try set.next(0x30))
                let type = try pair.next(0x06)
                let (_, value) = try pair.nextElement()
                if type.elementsEqual(OID.commonName) { found = ServerText.escaped(value, limit: 100) }
            }
        }
        return found
    }

    /// UTCTime `YYMMDDHHMMSSZ` or GeneralizedTime `YYYYMMDDHHMMSSZ`.
    private static func time(_ validity: inout BERCursor) throws(BERFault) -> String {
        let (tag, value) = try validity.nextElement()
        guard value.allSatisfy({ (0x30...0x39).contains($0) || $0 == 0x5a }) else { return "" }
        var text = String(decoding: value, as: UTF8.self)
        if tag == 0x17 { text = (text < "50" ? "20" : "19") + text }
        let digits = Array(text)
        guard digits.count == 15 else { return "" }
        func part(_ range: Range<Int>) -> String { String(digits[range]) }
        return "\(part(0..<4))-\(part(4..<6))-\(part(6..<8)) \(part(8..<10)):\(part(10..<12)):\(part(12..<14)) UTC"
    }

    private static func rsaBits(_ key: UnsafeRawBufferPointer) throws(BERFault) -> Int? {
        var key = BERCursor(key)
        var algorithm = BERCursor(try key.next(0x30))
        guard try algorithm.next(0x06).elementsEqual(OID.rsa) else { return nil }
        let bits = try key.next(0x03)
        var wrapped = BERCursor(UnsafeRawBufferPointer(rebasing: bits.dropFirst()))
        var numbers = BERCursor(try wrapped.next(0x30))
        let modulus = try numbers.next(0x02).drop { $0 == 0 }
        guard let first = modulus.first else { return 0 }
        return modulus.count * 8 - first.leadingZeroBitCount
    }

    private mutating func readExtensions(_ wrapped: UnsafeRawBufferPointer) throws(BERFault) {
        var outer = BERCursor(wrapped)
        var list = BERCursor(try outer.next(0x30))
        while !list.isAtEnd {
            var one = BERCursor(try list.next(0x30))
            let id = try one.next(0x06)
            _ = try one.nextIf(0x01)
            let value = try one.next(0x04)
            if id.elementsEqual(OID.alternativeNames) { try readNames(value) }
            if id.elementsEqual(OID.extendedKeyUsage) { try readPurposes(value) }
        }
    }

    private mutating func readNames(_ value: UnsafeRawBufferPointer) throws(BERFault) {
        var outer = BERCursor(value)
        var list = BERCursor(try outer.next(0x30))
        while !list.isAtEnd {
            let (tag, name) = try list.nextElement()
            if tag == 0x82 { names.append(ServerText.escaped(name, limit: 100)) }
            if tag == 0x87 { addresses.append(ServerCertificate.address(name)) }
        }
    }

    private mutating func readPurposes(_ value: UnsafeRawBufferPointer) throws(BERFault) {
        var outer = BERCursor(value)
        var list = BERCursor(try outer.next(0x30))
        while !list.isAtEnd { purposes.append(Array(try list.next(0x06))) }
    }

    private static func address(_ bytes: UnsafeRawBufferPointer) -> String {
        if bytes.count == 4 { return bytes.map { String($0) }.joined(separator: ".") }
        guard bytes.count == 16 else { return "" }
        var text = [CChar](repeating: 0, count: 46)
        guard inet_ntop(AF_INET6, bytes.baseAddress, &text, 46) != nil else { return "" }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Contents of OBJECT IDENTIFIERs.
    private enum OID {
        static let commonName: [UInt8] = [0x55, 0x04, 0x03]
        static let alternativeNames: [UInt8] = [0x55, 0x1d, 0x11]
        static let extendedKeyUsage: [UInt8] = [0x55, 0x1d, 0x25]
        static let anyPurpose: [UInt8] = [0x55, 0x1d, 0x25, 0x00]
        static let serverAuthentication: [UInt8] = [0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x01]
        static let rsa: [UInt8] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01]
        /// RSA and ECDSA with MD5 and SHA-1.
        static let weakSignatures: [[UInt8]] = [
            [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x04],
            [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x05],
            [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x01],
        ]
    }
}

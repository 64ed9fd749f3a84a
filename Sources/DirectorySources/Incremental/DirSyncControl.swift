internal import LDAPClient

/// The control by which Active Directory tells what changed since a cookie (MS-ADTS §3.1.1.3.4.1.3).
enum DirSyncControl {
    static let oid = "1.2.840.113556.1.4.841"
    /// Of one answer; what is beyond comes with the next.
    private static let mostBytes = 1 << 20

    /// What comes back with each part of the answer.
    struct Answer: Equatable {
        /// Whether more is to be asked for with the new cookie.
        var hasMore: Bool
        var cookie: [UInt8]
    }

    /// Asks for everything since a cookie, which takes the right to replicate.
    static func request(cookie: [UInt8]) -> RequestControl {
        var writer = BERWriter()
        writer.sequence { sequence in
            sequence.integer(0)
            sequence.integer(mostBytes)
            sequence.octets(cookie)
        }
        return RequestControl(oid, value: writer.bytes)
    }

    /// Reads what came with the answer.
    ///
    /// `SEQUENCE { moreResults INTEGER, unused INTEGER, cookie OCTET STRING }`
    static func answer(_ value: UnsafeRawBufferPointer) throws(BERFault) -> Answer {
        var outer = BERCursor(value)
        var inner = BERCursor(try outer.next(0x30))
        let more = try inner.integer()
        _ = try inner.integer()
        return Answer(hasMore: more != 0, cookie: Array(try inner.next(0x04)))
    }

    /// Cookies begin so; another shape is none of this control's, and is not sent.
    static func isCookie(_ bytes: [UInt8]) -> Bool { bytes.count > 24 && bytes.starts(with: "MSDS".utf8) }
}

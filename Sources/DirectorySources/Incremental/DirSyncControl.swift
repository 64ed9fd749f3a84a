internal import LDAPClient

/// The control by which Active Directory tells what changed since a cookie (MS-ADTS §3.1.1.3.4.1.3).
enum DirSyncControl {
    static let oid = "1.2.840.113556.1.4.841"
    /// Only what the bind account may see, for which it then needs no right to replicate.
    static let objectSecurity = 0x1
    /// Of attributes with many values only those that came and went, as `member;range=1-1` and `member;range=0-0`.
    static let incrementalValues = -0x8000_0000

    /// What comes back with each part of the answer.
    struct Answer: Equatable {
        /// Whether more is to be asked for with the new cookie.
        var hasMore: Bool
        var cookie: [UInt8]
    }

    static func request(flags: Int, maximumBytes: Int = 1 << 20, cookie: [UInt8]) -> RequestControl {
        var writer = BERWriter()
        writer.sequence { sequence in
            sequence.integer(flags)
            sequence.integer(maximumBytes)
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

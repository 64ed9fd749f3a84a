internal import LDAPClient

/// The controls and the intermediate response of RFC 4533, as bytes: written and read here, never by the sync functions of libldap,
/// which lose entries.
enum SyncControls {
    /// RFC 4533 §2.2: goes with the search, critical.
    static let request = "1.3.6.1.4.1.4203.1.9.1.1"
    /// §2.3: comes with each entry.
    static let state = "1.3.6.1.4.1.4203.1.9.1.2"
    /// §2.4: comes with the result.
    static let done = "1.3.6.1.4.1.4203.1.9.1.3"
    /// §2.5: the name of the intermediate response.
    static let info = "1.3.6.1.4.1.4203.1.9.1.4"

    /// `e-syncRefreshRequired` (§2.6).
    static let refreshRequired: Int32 = 4096

    /// The value of the request for everything that changed since the cookie, and then an end.
    static func refreshOnly(cookie: [UInt8]?) -> [UInt8] {
        var writer = BERWriter()
        writer.sequence { sequence in
            sequence.enumerated(1)
            if let cookie { sequence.octets(cookie) }
        }
        return writer.bytes
    }

    /// The value of the request for the same, and then everything as it happens, without an end.
    static func refreshAndPersist(cookie: [UInt8]) -> [UInt8] {
        var writer = BERWriter()
        writer.sequence { sequence in
            sequence.enumerated(3)
            sequence.octets(cookie)
        }
        return writer.bytes
    }
}

/// What came with one entry.
struct SyncState: Equatable {
    enum Kind: UInt8 { case present, add, modify, delete }
    var kind: Kind
    var uuid: [UInt8]

    init(kind: Kind, uuid: [UInt8]) {
        self.kind = kind
        self.uuid = uuid
    }

    /// Reads the control of an entry.
    ///
    /// `SEQUENCE { state ENUMERATED, entryUUID OCTET STRING (SIZE(16)), cookie OPTIONAL }`
    init(_ value: UnsafeRawBufferPointer) throws(BERFault) {
        var outer = BERCursor(value)
        var inner = BERCursor(try outer.next(0x30))
        let code = try inner.integer(0x0a)
        guard let kind = UInt8(exactly: code).flatMap(Kind.init(rawValue:)) else { throw .unexpectedTag }
        let uuid = try inner.next(0x04)
        guard uuid.count == 16 else { throw .badLength }
        self.init(kind: kind, uuid: Array(uuid))
    }

    /// The cookie that a control brings, where it does: the position after the entry.
    static func cookie(_ value: UnsafeRawBufferPointer) throws(BERFault) -> [UInt8]? {
        var outer = BERCursor(value)
        var inner = BERCursor(try outer.next(0x30))
        _ = try inner.integer(0x0a)
        _ = try inner.next(0x04)
        return inner.isAtEnd ? nil : try inner.nextIf(0x04).map { Array($0) }
    }
}

/// What came with the result.
struct SyncDone: Equatable {
    /// nil when there is none; not the same as an empty one.
    var cookie: [UInt8]?
    var refreshDeletes: Bool

    init(cookie: [UInt8]?, refreshDeletes: Bool) {
        self.cookie = cookie
        self.refreshDeletes = refreshDeletes
    }

    /// Reads the control of a result.
    ///
    /// `SEQUENCE { cookie OPTIONAL, refreshDeletes BOOLEAN DEFAULT FALSE }`
    init(_ value: UnsafeRawBufferPointer) throws(BERFault) {
        var outer = BERCursor(value)
        var inner = BERCursor(try outer.next(0x30))
        let cookie = try inner.nextIf(0x04).map { Array($0) }
        self.init(cookie: cookie, refreshDeletes: inner.isAtEnd ? false : try inner.boolean())
    }
}

/// What came between the entries.
enum SyncInfo: Equatable {
    case newCookie([UInt8])
    /// Everything that came so far was present, or deleted; `isDone` with the refresh.
    case refreshDelete(cookie: [UInt8]?, isDone: Bool)
    case refreshPresent(cookie: [UInt8]?, isDone: Bool)
    case idSet(cookie: [UInt8]?, areDeleted: Bool, uuids: [[UInt8]])

    init(_ value: UnsafeRawBufferPointer) throws(BERFault) {
        guard let tag = value.first else { throw .truncated }
        var outer = BERCursor(value)
        let content = try outer.next(tag)
        var inner = BERCursor(content)
        switch tag {
        case 0x80:
            self = .newCookie(Array(content))
        case 0xa1, 0xa2:
            let cookie = try inner.nextIf(0x04).map { Array($0) }
            let isDone = inner.isAtEnd ? true : try inner.boolean()
            self =
                tag == 0xa1
                ? .refreshDelete(cookie: cookie, isDone: isDone) : .refreshPresent(cookie: cookie, isDone: isDone)
        case 0xa3:
            let cookie = try inner.nextIf(0x04).map { Array($0) }
            let areDeleted = inner.nextTag == 0x01 ? try inner.boolean() : false
            var set = BERCursor(try inner.next(0x31))
            var uuids: [[UInt8]] = []
            while !set.isAtEnd {
                let uuid = try set.next(0x04)
                guard uuid.count == 16 else { throw .badLength }
                uuids.append(Array(uuid))
            }
            self = .idSet(cookie: cookie, areDeleted: areDeleted, uuids: uuids)
        default: throw .unexpectedTag
        }
    }
}

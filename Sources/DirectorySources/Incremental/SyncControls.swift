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
        BERBytes.element(0x30, BERBytes.element(0x0a, [1]) + (cookie.map { BERBytes.element(0x04, $0) } ?? []))
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

    /// `SEQUENCE { state ENUMERATED, entryUUID OCTET STRING (SIZE(16)), cookie OPTIONAL }`
    init(_ value: UnsafeRawBufferPointer) throws(BERFault) {
        var outer = BERCursor(value)
        var inner = BERCursor(try outer.next(0x30))
        let code = try inner.next(0x0a)
        guard code.count == 1, let kind = Kind(rawValue: code[0]) else { throw .unexpectedTag }
        let uuid = try inner.next(0x04)
        guard uuid.count == 16 else { throw .badLength }
        self.init(kind: kind, uuid: Array(uuid))
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

    /// `SEQUENCE { cookie OPTIONAL, refreshDeletes BOOLEAN DEFAULT FALSE }`
    init(_ value: UnsafeRawBufferPointer) throws(BERFault) {
        var outer = BERCursor(value)
        var inner = BERCursor(try outer.next(0x30))
        let cookie = inner.take(0x04).map { Array($0) }
        self.init(cookie: cookie, refreshDeletes: try inner.flag(default: false))
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
            let cookie = inner.take(0x04).map { Array($0) }
            let isDone = try inner.flag(default: true)
            self = tag == 0xa1
                ? .refreshDelete(cookie: cookie, isDone: isDone) : .refreshPresent(cookie: cookie, isDone: isDone)
        case 0xa3:
            let cookie = inner.take(0x04).map { Array($0) }
            let areDeleted = try inner.flag(default: false)
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

extension BERCursor {
    /// The content of the next element if it has this tag; otherwise nothing is taken.
    mutating func take(_ tag: UInt8) -> UnsafeRawBufferPointer? {
        var copy = self
        guard let content = try? copy.next(tag) else { return nil }
        self = copy
        return content
    }

    /// A BOOLEAN that may be missing.
    mutating func flag(default value: Bool) throws(BERFault) -> Bool {
        guard let content = take(0x01) else {
            guard isAtEnd || peekIsSet else { throw .unexpectedTag }
            return value
        }
        guard content.count == 1 else { throw .badLength }
        return content[0] != 0
    }

    private var peekIsSet: Bool {
        var copy = self
        return copy.take(0x31) != nil
    }

    /// An INTEGER of at most 8 bytes.
    mutating func integer() throws(BERFault) -> Int64 {
        let content = try next(0x02)
        guard (1...8).contains(content.count) else { throw .badLength }
        var value: Int64 = Int8(bitPattern: content[0]) < 0 ? -1 : 0
        for byte in content { value = value << 8 | Int64(byte) }
        return value
    }
}

/// Writes BER.
enum BERBytes {
    static func element(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        var out = [tag]
        if content.count < 0x80 {
            out.append(UInt8(content.count))
        } else {
            let length = withUnsafeBytes(of: UInt64(content.count).bigEndian) { Array($0.drop { $0 == 0 }) }
            out.append(0x80 | UInt8(length.count))
            out += length
        }
        return out + content
    }

    static func integer(_ value: Int64) -> [UInt8] {
        var bytes = withUnsafeBytes(of: value.bigEndian) { Array($0) }
        while bytes.count > 1, bytes[0] == 0 && bytes[1] < 0x80 || bytes[0] == 0xff && bytes[1] >= 0x80 {
            bytes.removeFirst()
        }
        return element(0x02, bytes)
    }
}

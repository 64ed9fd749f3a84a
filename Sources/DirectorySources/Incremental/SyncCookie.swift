/// A cookie of RFC 4533 as far as it must be understood, in the form of OpenLDAP: `rid=NNN[,sid=HHH],csn=CSN[;CSN…][,delcsn=CSN]`.
///
/// A server that cannot read a cookie does not say so: it sends everything, with the words of a plain change. So none is sent that has not
/// this shape.
struct SyncCookie: Equatable {
    private let rid: String
    private let stamps: [String]

    /// nil for bytes that are none.
    init?(_ bytes: [UInt8]) {
        guard let text = String(validating: bytes, as: UTF8.self) else { return nil }
        var rid: String?
        var stamps: [String] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard pair.count == 2 else { return nil }
            switch pair[0] {
            case "rid":
                guard rid == nil, (1...3).contains(pair[1].utf8.count), pair[1].utf8.allSatisfy(SyncCookie.isDigit)
                else {
                    return nil
                }
                rid = String(pair[1])
            case "csn":
                stamps = pair[1].split(separator: ";", omittingEmptySubsequences: false).map(String.init)
                guard stamps.allSatisfy(SyncCookie.isStamp) else { return nil }
            case "sid", "delcsn": continue
            default: return nil
            }
        }
        guard let rid, !stamps.isEmpty else { return nil }
        (self.rid, self.stamps) = (rid, stamps)
    }

    /// Whether a text is a change sequence number.
    ///
    /// `YYYYMMDDHHMMSS.ffffffZ#count#server id#mod`
    static func isStamp(_ text: String) -> Bool {
        let parts = text.split(separator: "#", omittingEmptySubsequences: false)
        guard parts.count == 4, parts[1].utf8.count == 6, parts[2].utf8.count == 3, parts[3].utf8.count == 6 else {
            return false
        }
        let time = parts[0].utf8
        return time.count == 22 && time.last == UInt8(ascii: "Z") && time.prefix(14).allSatisfy(isDigit)
            && parts[1...].allSatisfy { $0.utf8.allSatisfy(isHexDigit) }
    }

    /// Whether a cookie that came back continues this one: the same search, and for each server that writes a change not older.
    ///
    /// A server that never heard of a writer forgets its stamp, and with the last stamp the whole cookie.
    func isContinued(by next: SyncCookie) -> Bool {
        let newest = SyncCookie.byWriter(next.stamps)
        return UInt16(rid) == UInt16(next.rid)
            && SyncCookie.byWriter(stamps).allSatisfy { writer, stamp in newest[writer].map { $0 >= stamp } ?? false }
    }

    /// This cookie, further on by what another names: while a search persists, a cookie names the last change alone.
    func merged(with next: SyncCookie) -> [UInt8] {
        let newest = SyncCookie.byWriter(stamps + next.stamps).values.sorted()
        return Array("rid=\(next.rid),csn=\(newest.joined(separator: ";"))".utf8)
    }

    /// For each server that writes its newest stamp.
    private static func byWriter(_ stamps: [String]) -> [Substring: String] {
        var newest: [Substring: String] = [:]
        for stamp in stamps {
            let parts = stamp.split(separator: "#", omittingEmptySubsequences: false)
            guard parts.count == 4 else { continue }
            newest[parts[2]] = max(newest[parts[2]] ?? "", stamp)
        }
        return newest
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        isDigit(byte) || (0x61...0x66).contains(byte) || (0x41...0x46).contains(byte)
    }
}

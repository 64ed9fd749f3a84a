@testable import SyncAgent

/// Time zones for tests: as rules, and as the machine's database has them.
enum ZoneBytes {
    /// A file without history, of version 2, with the rule in its last line.
    static func file(_ rule: String, offset: Int32 = 0, version: UInt8 = 0x32) -> [UInt8] {
        func header() -> [UInt8] {
            var bytes = Array("TZif".utf8) + [version] + [UInt8](repeating: 0, count: 15)
            for count in [UInt32(0), 0, 0, 0, 1, 4] { withUnsafeBytes(of: count.bigEndian) { bytes += Array($0) } }
            return bytes
        }
        var block: [UInt8] = []
        withUnsafeBytes(of: offset.bigEndian) { block += Array($0) }
        block += [0, 0] + Array("XYZ\0".utf8)
        return header() + block + header() + block + [0x0A] + Array(rule.utf8) + [0x0A]
    }

    static func rules(_ rule: String) -> TimeZoneRules { TimeZoneRules(file: file(rule)) ?? .utc }

    static let berlin = "CET-1CEST,M3.5.0,M10.5.0/3"
    static let newYork = "EST5EDT,M3.2.0,M11.1.0"
    static let sydney = "AEST-10AEDT,M10.1.0,M4.1.0/3"
    static let lordHowe = "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0"
    static let havana = "CST5CDT,M3.2.0/0,M11.1.0/1"
    static let saoPauloOfOld = "<-03>3<-02>,M10.3.0/0,M2.3.0/0"
    static let dublin = "IST-1GMT0,M10.5.0,M3.5.0/1"
    static let nuuk = "<-02>2<-01>,M3.5.0/-1,M10.5.0/0"

    /// `2026-03-29T01:00Z`.
    static func time(_ text: String) -> Int64 { TimeText.parse(text) ?? Int64.min }
}

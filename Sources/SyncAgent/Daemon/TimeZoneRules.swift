/// The history and the rules of one time zone, as the file of the time zone database has them (RFC 9636).
package struct TimeZoneRules: Sendable, Equatable {
    /// When the offset became another, seconds since 1970, rising, and what it became.
    private var times: [Int64]
    private var offsets: [Int64]
    /// The offset before the first of them.
    private var first: Int64
    /// What goes for later times; nil where the last offset stays.
    private var rule: PosixZone?

    /// No summer time and no history.
    package static let utc = TimeZoneRules(times: [], offsets: [], first: 0, rule: nil)

    private init(times: [Int64], offsets: [Int64], first: Int64, rule: PosixZone?) {
        self.times = times
        self.offsets = offsets
        self.first = first
        self.rule = rule
    }

    /// Seconds that the clock on the wall is ahead of UTC at a time, seconds since 1970.
    package func offset(at time: Int64) -> Int64 {
        if let rule, times.last.map({ time >= $0 }) ?? true { return rule.offset(at: time) }
        var (low, high) = (0, times.count)
        while low < high {
            let middle = (low + high) / 2
            if times[middle] <= time { low = middle + 1 } else { high = middle }
        }
        return low == 0 ? first : offsets[low - 1]
    }

    /// No clock is further from UTC than this.
    private static let furthest: Int64 = 26 * 3600

    /// The times at which the clock on the wall shows a local time: none in a gap, two where an hour is repeated; rising.
    func instants(of local: Int64) -> [Int64] {
        var found: [Int64] = []
        for near in [local - TimeZoneRules.furthest, local, local + TimeZoneRules.furthest] {
            let time = local - offset(at: near)
            if offset(at: time) == local - time, !found.contains(time) { found.append(time) }
        }
        return found.sorted()
    }

    /// The first moment at which the clock on the wall is past a local time that it leaves out.
    func firstInstant(after local: Int64) -> Int64 {
        var (low, high) = (local - TimeZoneRules.furthest, local + TimeZoneRules.furthest)
        while low < high {
            let middle = low + (high - low) / 2
            if middle + offset(at: middle) > local { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

extension TimeZoneRules {
    /// Reads a file of the database, of any version; nil for what is none, is damaged, or counts leap seconds.
    package init?(file bytes: [UInt8]) {
        guard let head = Header(bytes, at: 0) else { return nil }
        var block = Block(header: head, start: Header.length, width: 4)
        if head.version > 0 {
            guard let second = Header(bytes, at: block.end) else { return nil }
            block = Block(header: second, start: block.end + Header.length, width: 8)
        }
        guard block.header.leaps == 0, block.header.types > 0, block.end <= bytes.count else { return nil }
        var kinds: [Int64] = []
        for kind in 0..<block.header.types {
            let offset = TimeZoneRules.number(bytes, at: block.kinds + 6 * kind, width: 4)
            guard (-TimeZoneRules.furthest...TimeZoneRules.furthest).contains(offset) else { return nil }
            kinds.append(offset)
        }
        var (times, offsets): ([Int64], [Int64]) = ([], [])
        for place in 0..<block.header.times {
            let time = TimeZoneRules.number(bytes, at: block.start + block.width * place, width: block.width)
            let kind = Int(bytes[block.indices + place])
            guard kind < kinds.count, times.last.map({ $0 < time }) ?? true else { return nil }
            times.append(time)
            offsets.append(kinds[kind])
        }
        var rule: PosixZone?
        if head.version > 0 {
            let footer = bytes[block.end...]
            guard footer.first == 0x0A, let end = footer.dropFirst().firstIndex(of: 0x0A) else { return nil }
            let text = footer[(block.end + 1)..<end]
            if !text.isEmpty {
                guard let read = PosixZone(text) else { return nil }
                rule = read
            }
        }
        self.init(times: times, offsets: offsets, first: kinds[0], rule: rule)
    }

    /// What stands before each block: the magic, the version and six counts.
    private struct Header {
        static let length = 44

        var version: UInt8
        var isUTC = 0
        var isStandard = 0
        var leaps = 0
        var times = 0
        var types = 0
        var characters = 0

        init?(_ bytes: [UInt8], at start: Int) {
            guard start >= 0, start + Header.length <= bytes.count,
                bytes[start..<(start + 4)].elementsEqual("TZif".utf8)
            else { return nil }
            version = bytes[start + 4]
            var counts: [Int] = []
            for place in 0..<6 {
                let count = TimeZoneRules.number(bytes, at: start + 20 + 4 * place, width: 4)
                guard (0...100_000).contains(count) else { return nil }
                counts.append(Int(count))
            }
            (isUTC, isStandard, leaps) = (counts[0], counts[1], counts[2])
            (times, types, characters) = (counts[3], counts[4], counts[5])
        }
    }

    /// Where the parts of a block stand.
    private struct Block {
        var header: Header
        var start: Int
        /// Bytes of a time.
        var width: Int

        var indices: Int { start + header.times * width }
        var kinds: Int { indices + header.times }
        var end: Int {
            kinds + header.types * 6 + header.characters + header.leaps * (width + 4) + header.isStandard + header.isUTC
        }
    }

    /// A signed number, most significant byte first; 0 beyond the end.
    private static func number(_ bytes: [UInt8], at start: Int, width: Int) -> Int64 {
        guard start >= 0, start + width <= bytes.count else { return 0 }
        let value = bytes[start..<(start + width)].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return width == 4 ? Int64(Int32(truncatingIfNeeded: value)) : Int64(bitPattern: value)
    }
}

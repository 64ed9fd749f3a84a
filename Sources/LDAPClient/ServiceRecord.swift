/// Where a domain offers a service, by its SRV records (RFC 2782).
package struct ServiceRecord: Sendable, Hashable {
    package var priority: UInt16
    package var weight: UInt16
    package var port: UInt16
    /// Host name without the final dot; empty when the domain says that it does not offer the service.
    package var host: String

    package init(priority: UInt16, weight: UInt16, port: UInt16, host: String) {
        self.priority = priority
        self.weight = weight
        self.port = port
        self.host = host
    }

    /// The order in which servers are tried: the lowest priority, there the heaviest weight, there by name and port.
    ///
    /// RFC 2782 lets clients draw lots by weight, to spread many clients over servers. Here the same server is tried first every
    /// night, because what a run remembers of a server only holds for that server.
    package static func ordered(_ records: [ServiceRecord]) -> [ServiceRecord] {
        Set(records).sorted { first, second in
            if first.priority != second.priority { return first.priority < second.priority }
            if first.weight != second.weight { return first.weight > second.weight }
            if first.host != second.host { return first.host < second.host }
            return first.port < second.port
        }
    }

    /// The SRV records of an answer (RFC 1035 §4.1); nil when it is not one.
    package static func records(in message: [UInt8]) -> [ServiceRecord]? {
        var reader = NameMessage(message)
        guard let (questions, answers) = reader.counts() else { return nil }
        for _ in 0..<questions {
            guard reader.skipName(), reader.skip(4) else { return nil }
        }
        var records: [ServiceRecord] = []
        for _ in 0..<answers {
            guard reader.skipName(), let type = reader.number(), reader.skip(6), let length = reader.number() else {
                return nil
            }
            guard type == 33 else {
                guard reader.skip(Int(length)) else { return nil }
                continue
            }
            let end = reader.place + Int(length)
            guard let priority = reader.number(), let weight = reader.number(), let port = reader.number(),
                let host = reader.name(), reader.place == end
            else { return nil }
            records.append(ServiceRecord(priority: priority, weight: weight, port: port, host: host))
        }
        return records
    }
}

/// Reads a DNS message with every place checked, and no name followed further than it may be long.
private struct NameMessage {
    private let bytes: [UInt8]
    private(set) var place = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func counts() -> (questions: Int, answers: Int)? {
        guard bytes.count >= 12 else { return nil }
        place = 4
        guard let questions = number(), let answers = number() else { return nil }
        place = 12
        return (Int(questions), Int(answers))
    }

    mutating func skip(_ count: Int) -> Bool {
        guard count <= bytes.count - place else { return false }
        place += count
        return true
    }

    mutating func number() -> UInt16? {
        guard bytes.count - place >= 2 else { return nil }
        defer { place += 2 }
        return UInt16(bytes[place]) << 8 | UInt16(bytes[place + 1])
    }

    mutating func skipName() -> Bool { name() != nil }

    /// A name in lower case; nil when it is broken, holds anything but letters, digits, `-` and `_`, or is longer than names are.
    mutating func name() -> String? {
        var labels: [[UInt8]] = []
        var length = 0
        var at = place
        var after: Int?
        var jumps = 0
        while at < bytes.count {
            let size = Int(bytes[at])
            if size >= 0xc0 {
                guard at + 1 < bytes.count, jumps < 32 else { return nil }
                if after == nil { after = at + 2 }
                at = (size & 0x3f) << 8 | Int(bytes[at + 1])
                jumps += 1
                continue
            }
            guard size < 0x40, size < bytes.count - at else { return nil }
            if size == 0 {
                place = after ?? at + 1
                return String(decoding: Array(labels.joined(separator: ".".utf8)), as: UTF8.self)
            }
            let label = bytes[(at + 1)...(at + size)].map { (0x41...0x5a).contains($0) ? $0 | 0x20 : $0 }
            length += size + 1
            guard length <= 255, label.allSatisfy(NameMessage.isPlain) else { return nil }
            labels.append(label)
            at += size + 1
        }
        return nil
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        (0x61...0x7a).contains(byte) || (0x30...0x39).contains(byte) || byte == UInt8(ascii: "-")
            || byte == UInt8(ascii: "_")
    }
}

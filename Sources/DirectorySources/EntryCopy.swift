internal import LDAPClient

/// One entry, copied out of its message: the bytes of its values in one piece of memory.
struct EntryCopy {
    private struct Attribute {
        var description: Range<Int>
        var values: [Range<Int>]
    }

    private var bytes: [UInt8] = []
    private(set) var dn: [UInt8] = []
    private var attributes: [Attribute] = []

    init() {}

    init(_ entry: borrowing EntryView) throws(BERFault) {
        dn = Array(entry.dn)
        var cursor = entry.cursor
        while var attribute = try cursor.next() {
            var copy = Attribute(description: append(attribute.name), values: [])
            while let value = try attribute.values.next() { copy.values.append(append(value)) }
            attributes.append(copy)
        }
    }

    /// Made by hand, for entries that no server sent.
    init(dn: [UInt8], _ attributes: [(description: String, values: [[UInt8]])]) {
        self.dn = dn
        for attribute in attributes {
            let description = attribute.description.utf8.withContiguousStorageIfAvailable {
                append(UnsafeRawBufferPointer($0))
            }
            let values = attribute.values.map { value in value.withUnsafeBytes { append($0) } }
            if let description { self.attributes.append(Attribute(description: description, values: values)) }
        }
    }

    private mutating func append(_ value: UnsafeRawBufferPointer) -> Range<Int> {
        let start = bytes.count
        bytes.append(contentsOf: value)
        return start..<bytes.count
    }

    /// Each attribute as the server described it, options included.
    func forEachAttribute(_ body: (_ description: String, _ values: [ArraySlice<UInt8>]) -> Void) {
        for attribute in attributes {
            body(String(decoding: bytes[attribute.description], as: UTF8.self), attribute.values.map { bytes[$0] })
        }
    }

    /// The values of an attribute without options.
    func values(_ name: String) -> [ArraySlice<UInt8>] {
        let name = name.lowercased()
        var found: [ArraySlice<UInt8>] = []
        forEachAttribute { description, values in if description.lowercased() == name { found += values } }
        return found
    }

    /// Its values that are text.
    func texts(_ name: String) -> [String] { values(name).compactMap { String(validating: $0, as: UTF8.self) } }

    /// Adds the attributes of another part of the same entry.
    mutating func add(_ part: EntryCopy) {
        let start = bytes.count
        bytes += part.bytes
        func moved(_ range: Range<Int>) -> Range<Int> { (range.lowerBound + start)..<(range.upperBound + start) }
        attributes += part.attributes.map {
            Attribute(description: moved($0.description), values: $0.values.map(moved))
        }
    }

    /// Lets a reader take the entry, parts of attributes included, and hands it on while what it took lies still in memory.
    func read<Reader: EntryReader>(by reader: inout Reader, _ body: (inout Reader) -> Void) {
        dn.withUnsafeBytes { dn in
            bytes.withUnsafeBytes { bytes in
                reader.start(dn: dn)
                for attribute in attributes {
                    let description = UnsafeRawBufferPointer(rebasing: bytes[attribute.description])
                    switch reader.names.match(description) {
                    case .known(let place), .range(let place):
                        for value in attribute.values {
                            reader.take(place, UnsafeRawBufferPointer(rebasing: bytes[value]))
                        }
                    case .option, .unknown: break
                    }
                }
                body(&reader)
            }
        }
    }

    /// One entry by its name; nil when there is none, or it may not be seen.
    static func read(
        _ connection: LDAPConnection, _ base: String, _ attributes: [String]
    ) throws(LDAPError) -> EntryCopy? {
        var found: EntryCopy?
        let end = try connection.search(SearchRequest(base: base, scope: .base, attributes: attributes)) {
            (entry) throws(BERFault) in found = try EntryCopy(entry)
        }
        if end.code == 32 { return nil }
        guard end.code == 0 else {
            throw LDAPError(
                .failed(base: EntryText.shown(base)), server: connection.server.description, code: end.code,
                serverText: end.text)
        }
        return found
    }
}

internal import DirectoryModel
internal import LDAPClient

/// Applies a filter to entries of a file as a server would: values compared without regard to case and extra spaces, classes with their superclasses.
struct FilterMatch: Sendable {
    private indirect enum Test: Sendable {
        case all([Test])
        case any([Test])
        case not(Test)
        case present([UInt8])
        case equal([UInt8], [UInt8])
        case substrings([UInt8], [UInt8], [[UInt8]], [UInt8])
        case ordered([UInt8], [UInt8], isAtLeast: Bool)
    }

    private let test: Test

    /// nil for a filter that needs matching rules of a server.
    init?(_ filter: LDAPFilter) {
        guard let test = FilterMatch.compile(filter) else { return nil }
        self.test = test
    }

    /// Entries with this value of an attribute.
    init(equal type: String, _ value: String) {
        test = .equal(AttributeTypeName.canonical(type.utf8), FilterMatch.folded(Array(value.utf8)))
    }

    func matches(_ record: LDIFRecord) -> Bool { evaluate(test, record) }

    private static func compile(_ filter: LDAPFilter) -> Test? {
        switch filter {
        case .and(let parts): all(parts).map(Test.all)
        case .or(let parts): all(parts).map(Test.any)
        case .not(let part): compile(part).map(Test.not)
        case .present(let type): .present(AttributeTypeName.canonical(type.utf8))
        case .equal(let type, let value), .approximate(let type, let value):
            .equal(AttributeTypeName.canonical(type.utf8), folded(value))
        case .substrings(let type, let initial, let any, let final):
            .substrings(AttributeTypeName.canonical(type.utf8), folded(initial), any.map(folded), folded(final))
        case .atLeast(let type, let value):
            .ordered(AttributeTypeName.canonical(type.utf8), folded(value), isAtLeast: true)
        case .atMost(let type, let value):
            .ordered(AttributeTypeName.canonical(type.utf8), folded(value), isAtLeast: false)
        case .extensible: nil
        }
    }

    private static func all(_ parts: [LDAPFilter]) -> [Test]? {
        let tests = parts.compactMap(compile)
        return tests.count == parts.count ? tests : nil
    }

    private func evaluate(_ test: Test, _ record: LDIFRecord) -> Bool {
        switch test {
        case .all(let parts): parts.allSatisfy { evaluate($0, record) }
        case .any(let parts): parts.contains { evaluate($0, record) }
        case .not(let part): !evaluate(part, record)
        case .present(let type): anyValue(type, record) { _ in true }
        case .equal(let type, let value):
            anyValue(type, record) {
                $0 == value || type == FilterMatch.objectClass && ObjectClasses.isKind($0, of: value)
                    || type == FilterMatch.objectCategory && FilterMatch.isCategory($0, value)
            }
        case .substrings(let type, let initial, let any, let final):
            anyValue(type, record) { FilterMatch.holds($0, initial, any, final) }
        case .ordered(let type, let bound, let isAtLeast):
            anyValue(type, record) { FilterMatch.compare($0, bound, isAtLeast) }
        }
    }

    private func anyValue(_ type: [UInt8], _ record: LDIFRecord, _ holds: ([UInt8]) -> Bool) -> Bool {
        record.attributes.contains { attribute in
            let name = record.bytes[attribute.name].prefix { $0 != UInt8(ascii: ";") }
            guard AttributeTypeName.canonical(name) == type else { return false }
            return holds(FilterMatch.folded(Array(record.bytes[attribute.value])))
        }
    }

    private static let objectClass = Array("objectclass".utf8)
    private static let objectCategory = Array("objectcategory".utf8)

    /// Active Directory keeps the DN of a class there, and compares with the class's name as well (MS-ADTS §3.1.1.3.1.3.5).
    private static func isCategory(_ value: [UInt8], _ name: [UInt8]) -> Bool {
        value.starts(with: Array("cn=".utf8) + name + [UInt8(ascii: ",")])
    }

    private static func folded(_ value: [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
        let isText = value.withUnsafeBytes { TextFold.fold($0, into: &out) }
        return isText ? out : value
    }

    private static func holds(_ value: [UInt8], _ initial: [UInt8], _ any: [[UInt8]], _ final: [UInt8]) -> Bool {
        guard value.starts(with: initial) else { return false }
        var rest = value[initial.count...]
        for part in any {
            guard let place = find(part, in: rest) else { return false }
            rest = rest[(place + part.count)...]
        }
        return rest.count >= final.count && rest.suffix(final.count).elementsEqual(final)
    }

    private static func find(_ part: [UInt8], in value: ArraySlice<UInt8>) -> Int? {
        guard value.count >= part.count else { return nil }
        return (value.startIndex...(value.endIndex - part.count)).first { value[$0...].starts(with: part) }
    }

    /// Numbers by value, anything else bytewise.
    private static func compare(_ value: [UInt8], _ bound: [UInt8], _ isAtLeast: Bool) -> Bool {
        if let number = Int64(String(decoding: value, as: UTF8.self)),
            let limit = Int64(String(decoding: bound, as: UTF8.self))
        {
            return isAtLeast ? number >= limit : number <= limit
        }
        let isBefore = value.lexicographicallyPrecedes(bound)
        return isAtLeast ? !isBefore : isBefore || value == bound
    }
}

/// Which usual classes include which: exports name only the lowest.
enum ObjectClasses {
    private static let parents: [String: String] = [
        "inetorgperson": "organizationalperson", "organizationalperson": "person", "person": "top",
        "groupofnames": "top", "groupofuniquenames": "top", "posixgroup": "top", "posixaccount": "top",
        "organizationalunit": "top", "account": "top",
    ]

    /// Whether an entry of a class (lower-case) is also one of `other`.
    static func isKind(_ name: [UInt8], of other: [UInt8]) -> Bool {
        let wanted = String(decoding: other, as: UTF8.self)
        var next = parents[String(decoding: name, as: UTF8.self)]
        while let parent = next {
            if parent == wanted { return true }
            next = parents[parent]
        }
        return false
    }
}

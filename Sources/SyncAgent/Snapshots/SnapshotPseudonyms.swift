import DirectoryModel
import MappingLanguage
import Reconciliation

/// Puts pseudonyms in the place of everything in a mirror that names a person; who is in which group, and what rules ask for, stays.
///
/// Pseudonyms are made with a key that is forgotten afterwards: the same person, email or value has the same one in one snapshot, and
/// another one in the next.
struct SnapshotPseudonyms {
    /// What the configuration asks for by its name, so that it must stay.
    struct Kept {
        /// Lower-case domains.
        var domains: Set<String> = []
        var groups: [GroupReference] = []
        var tests: [AttributeTest] = []

        init(domains: Set<String> = [], groups: [GroupReference] = [], tests: [AttributeTest] = []) {
            self.domains = domains
            self.groups = groups
            self.tests = tests
        }

        init(_ files: AgentFiles) {
            domains = Set(files.configuration.directories.flatMap(\.emailDomains).map { $0.lowercased() })
            for target in files.targets {
                groups += target.mapping.groupReferences
                tests += target.mapping.rules.flatMap(\.condition.attributeTests)
                tests += target.mapping.causes.flatMap(\.condition.attributeTests)
            }
        }
    }

    /// A domain or a value that so many people have names none of them.
    static let manyPeople = 5

    private let source: Mirror
    private let kept: Kept
    private let key: DNHashKey
    private let names: PersonalNames
    private let values: SharedValues
    private(set) var domainsKept: [String] = []
    private(set) var groupsRenamed = 0
    /// Canonical names that people are below of, with what stands for them.
    private var parents: [[UInt8]: [UInt8]] = [:]

    init(_ mirror: Mirror, keeping kept: Kept, key: DNHashKey) {
        source = mirror
        self.kept = kept
        self.key = key
        names = PersonalNames(mirror, key: key)
        values = SharedValues(mirror, key: key)
    }

    /// The mirror with pseudonyms.
    mutating func mirror() -> Mirror {
        var result = Mirror(directories: source.directories, attributes: source.attributes)
        let ids = source.people.map { row in
            let hash = hash(.id, row.id.bytes)
            return ImmutableID(high: hash.high, low: hash.low, byteCount: 16) ?? .zero
        }
        let order = source.people.indices.sorted {
            (source.people[$0].directory, ids[$0]) < (source.people[$1].directory, ids[$1])
        }
        var places = [PersonIndex](repeating: 0, count: order.count)
        for (new, old) in order.enumerated() { places[old] = PersonIndex(truncatingIfNeeded: new) }
        var domains: Set<String> = []
        for old in order { append(old, ids[old], &domains, to: &result) }
        domainsKept = domains.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        let mapped = mappedGroups()
        for place in source.groups.indices {
            append(group: place, isMapped: mapped.contains(place), places, to: &result)
        }
        for place in result.groups.indices {
            result.groups[place].contentHash = ContentHash.of(group: place, in: result)
        }
        return result
    }

    // People.

    private mutating func append(_ place: Int, _ id: ImmutableID, _ domains: inout Set<String>, to result: inout Mirror)
    {
        var row = source.people[place]
        let digits = SnapshotPseudonyms.digits(id.high)
        var fields: [(tag: UInt8, value: [UInt8])] = []
        source.record(PersonIndex(truncatingIfNeeded: place)).forEachField { tag, value in
            switch tag {
            case PersonField.dn.tag: break
            case PersonField.login.tag: fields.append((tag, Array("u-\(text(hash(.login, fold(value))))".utf8)))
            case PersonField.email.tag, PersonField.alias.tag:
                fields.append((tag, Array(email(Array(value), &domains).utf8)))
            case PersonField.name.tag: fields.append((tag, Array("Person \(digits)".utf8)))
            case PersonField.expires.tag: break
            default: fields.append((tag, attribute(tag, Array(value))))
            }
        }
        if let dn = source.record(PersonIndex(truncatingIfNeeded: place)).values(.dn).first {
            fields.append((PersonField.dn.tag, name(ofPerson: Array(dn), digits)))
        }
        fields.sort { $0.tag == $1.tag ? $0.value.lexicographicallyPrecedes($1.value) : $0.tag < $1.tag }
        var record = PersonRecordWriter()
        for field in fields { record.append(field.tag, field.value) }
        row.id = id
        row.start = UInt32(truncatingIfNeeded: result.arena.count)
        row.length = UInt32(truncatingIfNeeded: record.bytes.count)
        row.lastSignIn = .min
        row.contentHash = record.bytes.withUnsafeBytes {
            ContentHash.of(record: $0, state: row.state, problems: row.problems, lastSignIn: row.lastSignIn)
        }
        result.arena += record.bytes
        result.people.append(row)
    }

    /// `p-1a2b…@example.org`: equal emails, letter case aside, become equal ones.
    private func email(_ value: [UInt8], _ domains: inout Set<String>) -> String {
        let local = "p-\(text(hash(.email, fold(value))))"
        guard let at = value.lastIndex(of: UInt8(ascii: "@")), at > 0, at < value.count - 1 else { return local }
        let domain = fold(value[(at + 1)...])
        let shown = String(decoding: domain, as: UTF8.self)
        if kept.domains.contains(shown) || values.people(withDomain: domain) >= SnapshotPseudonyms.manyPeople {
            domains.insert(shown)
            return "\(local)@\(shown)"
        }
        return "\(local)@d-\(text(hash(.domain, domain))).invalid"
    }

    /// A value stays where a rule asks for it or many people have it, unless it is a person's name or address.
    private func attribute(_ tag: UInt8, _ value: [UInt8]) -> [UInt8] {
        let folded = fold(value)
        let pseudonym = Array("v-\(text(hash(.value, folded)))".utf8)
        if names.isPersonal(folded) || value.contains(UInt8(ascii: "@")) { return pseudonym }
        if values.people(with: folded, tag) >= SnapshotPseudonyms.manyPeople { return value }
        let first = PersonField.attribute(0).tag
        guard tag >= first, source.attributes.indices.contains(Int(tag - first)) else { return pseudonym }
        let name = source.attributes[Int(tag - first)]
        let shown = String(decoding: value, as: UTF8.self)
        let isAsked = kept.tests.contains { $0.name == name && $0.isAbout(shown) }
        return isAsked ? value : pseudonym
    }

    // Names.

    /// The first part becomes a pseudonym; what stands above stays, but for other people and what is called like one.
    private mutating func name(ofPerson dn: [UInt8], _ digits: String) -> [UInt8] {
        guard let name = try? DistinguishedName(dn) else { return Array("uid=u-\(digits)".utf8) }
        let type = name.leaf.first?.type ?? "uid"
        return Array("\(type)=u-\(digits)".utf8) + suffix(name.parent)
    }

    private mutating func suffix(_ name: DistinguishedName?) -> [UInt8] {
        guard let name, !name.isRoot else { return [] }
        if let known = parents[name.canonical] { return known }
        let above = suffix(name.parent)
        let leaf = name.leaf
        var text: [UInt8] = [UInt8(ascii: ",")]
        for (place, part) in leaf.enumerated() {
            if place > 0 { text.append(UInt8(ascii: "+")) }
            text += Array("\(part.type)=".utf8)
            text +=
                names.isPersonal(part.value)
                ? Array("n-\(self.text(hash(.name, part.value)))".utf8) : DNText.escaped(part.value)
        }
        parents[name.canonical] = text + above
        return text + above
    }

    // Groups.

    private mutating func append(group place: Int, isMapped: Bool, _ places: [PersonIndex], to result: inout Mirror) {
        var row = source.groups[place]
        let index = GroupIndex(truncatingIfNeeded: place)
        if !isMapped, names.isPersonal(fold(row.name)) {
            row.name = Array("g-\(text(hash(.name, fold(row.name))))".utf8)
            groupsRenamed += 1
        }
        if !isMapped, let dn = try? DistinguishedName(row.dn) {
            let written = suffix(dn)
            // The spelling of the directory stays where nothing had to go.
            if written.dropFirst() != ArraySlice(DistinguishedNameText.of(dn)) { row.dn = Array(written.dropFirst()) }
        }
        result.groups.append(row)
        result.memberPeople += source.directPeople(of: index).map { places[Int($0)] }.sorted()
        result.memberGroups += source.directGroups(of: index)
        result.memberPeopleStart.append(UInt32(truncatingIfNeeded: result.memberPeople.count))
        result.memberGroupsStart.append(UInt32(truncatingIfNeeded: result.memberGroups.count))
    }

    /// Places of groups that rules name.
    private func mappedGroups() -> Set<Int> {
        Set(
            source.groups.indices.filter { place in
                let name = String(decoding: source.groups[place].name, as: UTF8.self)
                let dn = String(decoding: source.groups[place].dn, as: UTF8.self)
                let id = source.groups[place].id.description
                return kept.groups.contains { $0.isAbout(name: name, dn: dn, id: id) }
            })
    }

    // Hashes.

    private enum Kind: UInt8 { case id, login, email, domain, name, value }

    private func hash(_ kind: Kind, _ bytes: [UInt8]) -> DNHash {
        ([kind.rawValue] + bytes).withUnsafeBytes { key.hash($0) }
    }

    private func text(_ hash: DNHash) -> String { SnapshotPseudonyms.digits(hash.high) }

    private func fold(_ value: some Collection<UInt8>) -> [UInt8] { FoldedBytes.of(Array(value)) }

    static func digits(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }
}

/// Text as directories compare it; bytes that are no text as they are.
enum FoldedBytes {
    static func of(_ bytes: [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
        return bytes.withUnsafeBytes { TextFold.fold($0, into: &out) } ? out : bytes
    }
}

/// A name in canonical spelling.
private enum DistinguishedNameText {
    static func of(_ name: DistinguishedName) -> [UInt8] {
        var text: [UInt8] = []
        var rest: DistinguishedName? = name
        while let current = rest, !current.isRoot {
            if !text.isEmpty { text.append(UInt8(ascii: ",")) }
            for (place, part) in current.leaf.enumerated() {
                if place > 0 { text.append(UInt8(ascii: "+")) }
                text += Array("\(part.type)=".utf8) + DNText.escaped(part.value)
            }
            rest = current.parent
        }
        return text
    }
}

extension AttributeTest {
    /// Whether the test asks for this value: not merely whether there is any.
    fileprivate func isAbout(_ value: String) -> Bool {
        switch self.operator {
        case .present: false
        case .equals(let wanted): TextFold.fold(wanted) == TextFold.fold(value)
        case .oneOf(let wanted): wanted.contains { TextFold.fold($0) == TextFold.fold(value) }
        case .matches(let pattern): pattern.matches(value)
        }
    }
}

extension GroupReference {
    /// Whether the reference could mean a group of that name, DN or id.
    fileprivate func isAbout(name: String, dn: String, id: String) -> Bool {
        match(name) != nil || match(dn) != nil || match(id) != nil
    }
}

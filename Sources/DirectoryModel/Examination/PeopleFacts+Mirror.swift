/// The domain of an email.
package enum EmailDomain {
    /// In lower case; nil where the value is no address.
    package static func of(_ value: some Collection<UInt8>) -> String? {
        let bytes = Array(value)
        guard let at = bytes.lastIndex(of: UInt8(ascii: "@")), at > 0, at < bytes.count - 1 else { return nil }
        let domain = bytes[(at + 1)...].map { (0x41...0x5a).contains($0) ? $0 | 0x20 : $0 }
        let isPlain = domain.allSatisfy {
            (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "-")
                || $0 == UInt8(ascii: ".")
        }
        return isPlain && domain.contains(UInt8(ascii: ".")) ? String(decoding: domain, as: UTF8.self) : nil
    }
}

extension PeopleFacts {
    /// Names kept of what may be very much.
    private static let most = 5

    /// What a mirror tells of its people.
    package init(_ mirror: Mirror, filter: String) {
        self.init(filter: filter, people: mirror.people.count)
        var holders: [DNHash: UInt32] = [:]
        var sharing = MarkedPlaces(count: mirror.people.count)
        var domains: [String: Int] = [:]
        var parents: [[UInt8]: Int] = [:]
        let key = DNHashKey(first: 3, second: 5)
        for place in mirror.people.indices {
            count(mirror.people[place].problems)
            let record = mirror.record(PersonIndex(place))
            let emails = record.values(.email)
            if emails.isEmpty { withoutEmail += 1 }
            for email in emails {
                let folded = TextFold.fold(String(decoding: email, as: UTF8.self))
                let hash = folded.withUnsafeBytes { key.hash($0) }
                if let other = holders[hash], other != UInt32(place) {
                    sharing.insert(Int(other))
                    sharing.insert(place)
                } else {
                    holders[hash] = UInt32(place)
                }
            }
            if let domain = emails.first.flatMap({ EmailDomain.of($0) }) { domains[domain, default: 0] += 1 }
            if let dn = record.values(.dn).first { parents[PeopleFacts.parent(dn), default: 0] += 1 }
        }
        sharingEmail = sharing.count
        sharers = sharing.first(PeopleFacts.most).compactMap { mirror.record(PersonIndex($0)).text(.dn) }
        self.domains = PeopleFacts.frequent(domains)
        branches = PeopleFacts.frequent(
            Dictionary(parents.map { (String(decoding: $0.key, as: UTF8.self), $0.value) }) { $0 + $1 })
    }

    private mutating func count(_ problems: EntryProblems) {
        if problems.contains(.unclearLogin) { unclearLogin += 1 }
        if !problems.isDisjoint(with: [.invalidText, .controlCharacter, .tooLarge]) { invalidText += 1 }
    }

    /// What stands behind the first comma that separates names.
    private static func parent(_ dn: ArraySlice<UInt8>) -> [UInt8] {
        var isEscaped = false
        for place in dn.indices {
            if !isEscaped, dn[place] == UInt8(ascii: ",") { return Array(dn[(place + 1)...].drop { $0 == 0x20 }) }
            isEscaped = !isEscaped && dn[place] == UInt8(ascii: "\\")
        }
        return []
    }

    static func frequent(_ counts: [String: Int]) -> [NamedCount] {
        counts.sorted { $0.value == $1.value ? $0.key < $1.key : $0.value > $1.value }.prefix(most)
            .map { NamedCount($0.key, $0.value) }
    }
}

/// Which of so many places are in a set.
private struct MarkedPlaces {
    private var isIn: [Bool]
    private(set) var count = 0

    init(count: Int) { isIn = [Bool](repeating: false, count: count) }

    mutating func insert(_ place: Int) {
        if !isIn[place] { count += 1 }
        isIn[place] = true
    }

    func first(_ most: Int) -> [Int] { Array(isIn.indices.lazy.filter { isIn[$0] }.prefix(most)) }
}

internal import DirectoryModel
internal import LDAPClient

/// An entry of which a server gives an attribute's values in parts, put together from them.
///
/// Parts are not one moment's: they count only where the entry did not change between the first and the last, and where each begins right
/// after the one before it. After the last the server is asked whether there is more, since nothing else tells an end that came early.
struct RangedEntry {
    /// Why the parts do not make a whole.
    enum Fault: Error, Equatable {
        /// There is no such entry any more.
        case gone
        /// A part is missing, came twice, or holds fewer values than it says.
        case broken(attribute: String, after: Int)
        /// The server called a part the last, and had more.
        case endedEarly(attribute: String, after: Int)
        /// The entry changed each time while it was read, or does not show whether it did.
        case changing
    }

    /// What came of one question.
    enum Answer {
        case entry(EntryCopy)
        /// No such entry.
        case none
        /// A refusal to give values beyond the last.
        case beyondEnd
    }

    /// How often an entry that changes is read.
    static let attempts = 3

    /// The attributes to read.
    let names: [String]
    /// The attribute that moves with every change of the entry.
    private let changeAttribute: String
    /// All parts together, after `read` found no fault.
    private(set) var whole = EntryCopy()
    /// How many values each attribute has so far, and whether there are more; only of those that come in parts.
    private var counts: [Int] = []
    private var isOpen: [Bool] = []

    init(names: [String], changeAttribute: String) {
        self.names = names
        self.changeAttribute = changeAttribute
    }

    /// Reads the whole entry; `ask` puts one question about it.
    mutating func read<Failure: Error>(
        _ ask: (_ attributes: [String]) throws(Failure) -> Answer
    ) throws(Failure) -> Fault? {
        for _ in 0..<RangedEntry.attempts {
            switch try readOnce(ask) {
            case .changing: continue
            case let other: return other
            }
        }
        return .changing
    }

    private mutating func readOnce<Failure: Error>(
        _ ask: (_ attributes: [String]) throws(Failure) -> Answer
    ) throws(Failure) -> Fault? {
        whole = EntryCopy()
        counts = names.map { _ in 0 }
        isOpen = names.map { _ in false }
        guard case .entry(let first) = try ask(names + [changeAttribute]) else { return .gone }
        guard let moment = stamp(first) else { return .changing }
        var isRanged = names.map { _ in false }
        for part in RangedEntry.ranges(first) {
            guard let place = place(of: part.range) else { continue }
            isRanged[place] = true
            if let fault = take(part, place) { return fault }
        }
        whole = first
        for place in names.indices where isRanged[place] {
            if let fault = try readRest(place, moment, ask) { return fault }
        }
        return nil
    }

    /// Reads on to the end, and looks behind it.
    private mutating func readRest<Failure: Error>(
        _ place: Int, _ moment: [UInt8], _ ask: (_ attributes: [String]) throws(Failure) -> Answer
    ) throws(Failure) -> Fault? {
        let name = names[place]
        while true {
            let rest = AttributeRange.rest(of: name, after: counts[place])
            let answer = try ask([rest, changeAttribute])
            guard case .entry(let entry) = answer else {
                if case .beyondEnd = answer, !isOpen[place] { return nil }
                return .gone
            }
            guard stamp(entry) == moment else { return .changing }
            let found = RangedEntry.ranges(entry).filter { self.place(of: $0.range) == place && $0.count > 0 }
            guard isOpen[place] else {
                return found.isEmpty ? nil : .endedEarly(attribute: name, after: counts[place])
            }
            guard found.count == 1 else { return .broken(attribute: name, after: counts[place]) }
            if let fault = take(found[0], place) { return fault }
            whole.add(entry)
        }
    }

    private mutating func take(_ part: Part, _ place: Int) -> Fault? {
        let fault = Fault.broken(attribute: names[place], after: counts[place])
        guard part.range.first == counts[place] else { return fault }
        if let last = part.range.last, part.count != last - part.range.first + 1 { return fault }
        counts[place] += part.count
        isOpen[place] = part.range.last != nil
        return nil
    }

    private struct Part {
        var range: AttributeRange
        var count: Int
    }

    private static func ranges(_ entry: EntryCopy) -> [Part] {
        var found: [Part] = []
        entry.forEachAttribute { description, values in
            if let range = AttributeRange(description.utf8) { found.append(Part(range: range, count: values.count)) }
        }
        return found
    }

    private func place(of range: AttributeRange) -> Int? {
        let name = range.name.lowercased()
        return names.firstIndex { $0.lowercased() == name }
    }

    private func stamp(_ entry: EntryCopy) -> [UInt8]? { entry.values(changeAttribute).first.map { Array($0) } }
}

import AccessModel
import DirectoryModel
import MappingLanguage

/// Numbers of accesses and sets of groups in the plan of an adoption.
struct AdoptionTables {
    private(set) var accesses: [Access] = [.none]
    private(set) var effective: [String] = [""]
    private(set) var groupSets: [[GroupKey]] = [[]]
    private let roster: TargetRoster
    private let evaluation: Evaluation
    private var accessNumbers: [UInt32: UInt32] = [0: 0]
    private var rosterGroups: [UInt32: UInt32] = [0: 0]
    private var personGroups: [UInt32: UInt32] = [0: 0]

    init(_ input: ReconcileInput) {
        roster = input.roster
        evaluation = input.evaluation
    }

    /// The plan's number of an access of the book.
    mutating func access(_ number: UInt32, _ book: inout AccessBook) -> UInt32 {
        if let known = accessNumbers[number] { return known }
        let place = UInt32(truncatingIfNeeded: accesses.count)
        accesses.append(book[number])
        effective.append(
            Int(number) < roster.effective.count ? roster.effective[Int(number)] : book.effectiveText(number))
        accessNumbers[number] = place
        return place
    }

    mutating func groups(ofRoster number: UInt32) -> UInt32 {
        if let known = rosterGroups[number] { return known }
        guard Int(number) < roster.groupSets.count else { return 0 }
        let place = append(roster.groupSets[Int(number)])
        rosterGroups[number] = place
        return place
    }

    /// The mapped groups that a person of the mirror is in.
    mutating func groups(ofPerson person: Int) -> UInt32 {
        guard evaluation.groupSet.indices.contains(person) else { return 0 }
        let number = evaluation.groupSet[person]
        if let known = personGroups[number] { return known }
        guard evaluation.groupSets.indices.contains(Int(number)) else { return 0 }
        let keys = evaluation.groupSets[Int(number)].filter { Int($0) < evaluation.groups.count }
            .map { evaluation.groups[Int($0)].key }.sorted()
        let place = append(keys)
        personGroups[number] = place
        return place
    }

    private mutating func append(_ keys: [GroupKey]) -> UInt32 {
        if let place = groupSets.firstIndex(of: keys) { return UInt32(truncatingIfNeeded: place) }
        groupSets.append(keys)
        return UInt32(truncatingIfNeeded: groupSets.count - 1)
    }
}

extension ImmutableID {
    /// An id made of a text: 16 bytes, the same for the same text.
    static func made(of text: String) -> ImmutableID? {
        func hash(_ basis: UInt64) -> UInt64 {
            var hash = basis
            for byte in text.utf8 {
                hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
                hash ^= hash >> 32
            }
            return hash
        }
        return ImmutableID(high: hash(0xcbf2_9ce4_8422_2325), low: hash(0x9ae1_6a3b_2f90_404f), byteCount: 16)
    }
}

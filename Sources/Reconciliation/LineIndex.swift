import AccessModel
import DirectoryModel

/// Who stands where in the roster's line for seats, by number: first the users, by place in the roster, then the people
/// of the mirror, by place there.
///
/// Half a million people may wait: numbers are compared, and nobody's key is hashed.
struct LineIndex {
    /// Somebody who is neither in the roster nor in the mirror.
    static let nobody = UInt32.max

    /// For each place of the line who holds it.
    private(set) var holders: [UInt32] = []
    /// The places of holder `h` are `places[starts[h]..<starts[h + 1]]`; empty where nobody waits.
    private var starts: [UInt32] = []
    private var places: [UInt32] = []
    private let users: Int

    init(_ input: ReconcileInput, _ join: RosterJoin) {
        users = input.roster.users.count
        let line = input.roster.waiting
        if line.isEmpty { return }
        holders.reserveCapacity(line.count)
        var directory = ""
        var spans: (users: [Range<Int>], people: [Range<Int>]) = ([], [])
        for (index, place) in line.enumerated() {
            if index == 0 || place.person.directory != directory {
                directory = place.person.directory
                spans = join.spans(of: directory, mirror: input.mirror, roster: input.roster)
            }
            holders.append(holder(place.person.id, spans, input))
        }
        collect(input.mirror.people.count)
    }

    var isEmpty: Bool { holders.isEmpty }

    /// How many numbers of holders there are.
    var count: Int { starts.isEmpty ? 0 : starts.count - 1 }

    /// The number of a case's person.
    func number(of item: PersonCase) -> UInt32 {
        item.user != RosterJoin.none ? item.user : number(ofPerson: item.person)
    }

    /// The number of somebody in the mirror who is no user.
    func number(ofPerson person: PersonIndex) -> UInt32 {
        person == RosterJoin.none ? LineIndex.nobody : UInt32(truncatingIfNeeded: users) + person
    }

    /// The user with that number; nil for people who are no users.
    func user(_ holder: UInt32) -> Int? { Int(holder) < users ? Int(holder) : nil }

    /// The place in the mirror of somebody who is no user.
    func person(_ holder: UInt32) -> Int? {
        holder == LineIndex.nobody || Int(holder) < users ? nil : Int(holder) - users
    }

    /// Places in the line, ascending.
    func places(of holder: UInt32) -> ArraySlice<UInt32> {
        guard Int(holder) < count else { return [] }
        return places[Int(starts[Int(holder)])..<Int(starts[Int(holder) + 1])]
    }

    private func holder(
        _ id: ImmutableID, _ spans: (users: [Range<Int>], people: [Range<Int>]), _ input: ReconcileInput
    ) -> UInt32 {
        for span in spans.users {
            if let place = LineIndex.find(id, in: span, { input.roster.users[$0].id }) {
                return UInt32(truncatingIfNeeded: place)
            }
        }
        for span in spans.people {
            if let place = LineIndex.find(id, in: span, { input.mirror.people[$0].id }) {
                return UInt32(truncatingIfNeeded: users + place)
            }
        }
        return LineIndex.nobody
    }

    private static func find(_ id: ImmutableID, in span: Range<Int>, _ idAt: (Int) -> ImmutableID) -> Int? {
        var (low, high) = (span.lowerBound, span.upperBound)
        while low < high {
            let middle = low + (high - low) / 2
            if idAt(middle) < id { low = middle + 1 } else { high = middle }
        }
        return low < span.upperBound && idAt(low) == id ? low : nil
    }

    /// Puts places together by holder.
    private mutating func collect(_ people: Int) {
        starts = [UInt32](repeating: 0, count: users + people + 1)
        for holder in holders where holder != LineIndex.nobody { starts[Int(holder) + 1] += 1 }
        for index in 1..<starts.count { starts[index] += starts[index - 1] }
        places = [UInt32](repeating: 0, count: holders.count)
        var next = starts
        for (place, holder) in holders.enumerated() where holder != LineIndex.nobody {
            places[Int(next[Int(holder)])] = UInt32(truncatingIfNeeded: place)
            next[Int(holder)] += 1
        }
    }
}

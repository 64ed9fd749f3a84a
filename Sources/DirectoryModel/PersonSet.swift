/// A set of people by place in the mirror: a sorted list while small, a bit set when large.
package enum PersonSet: Sendable, Equatable {
    /// Sorted and distinct.
    case sparse([PersonIndex])
    /// One bit per person of the mirror, lowest first, and how many are set.
    case dense(bits: [UInt64], count: Int)

    package static let empty = PersonSet.sparse([])

    package var count: Int {
        switch self {
        case .sparse(let members): members.count
        case .dense(_, let count): count
        }
    }

    package func contains(_ person: PersonIndex) -> Bool {
        switch self {
        case .sparse(let members):
            var low = 0
            var high = members.count
            while low < high {
                let middle = (low + high) / 2
                if members[middle] < person { low = middle + 1 } else { high = middle }
            }
            return low < members.count && members[low] == person
        case .dense(let bits, _):
            let word = Int(person >> 6)
            return word < bits.count && bits[word] & (1 << UInt64(person & 63)) != 0
        }
    }

    /// Every member, in order.
    package func forEach(_ body: (PersonIndex) -> Void) {
        switch self {
        case .sparse(let members):
            for member in members { body(member) }
        case .dense(let bits, _):
            for (place, word) in bits.enumerated() {
                var rest = word
                while rest != 0 {
                    body(PersonIndex(place * 64 + rest.trailingZeroBitCount))
                    rest &= rest - 1
                }
            }
        }
    }
}

import DirectoryModel

/// Numbers that are the same for the same seed, everywhere (SplitMix64).
struct Dice {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9e37_79b9_7f4a_7c15 &+ 1 }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var word = state
        word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
        word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
        return word ^ (word >> 31)
    }

    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(max(bound, 1))) }

    mutating func chance(_ percent: Int) -> Bool { below(100) < percent }

    mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }
}

/// The id of a made-up person: 16 bytes, or 3 for every fifth.
func madeUpID(_ number: Int) -> ImmutableID {
    let length = number % 5 == 4 ? 3 : 16
    var bytes = Array(repeating: UInt8(number % 7), count: length)
    bytes[length - 1] = UInt8(number % 256)
    bytes[0] = UInt8((number * 37) % 256)
    return ImmutableID(bytes: bytes) ?? ImmutableID.fallback
}

extension ImmutableID {
    static let fallback: ImmutableID = {
        guard let id = ImmutableID(bytes: [1]) else { preconditionFailure("an id of one byte") }
        return id
    }()
}

/// Numbers that look like chance and are not: the same for the same seed and place, on every machine.
struct Mix {
    var seed: UInt64

    /// The number of a place in a series (splitmix64).
    func callAsFunction(_ series: UInt64, _ place: Int) -> UInt64 {
        var z = seed &* 0x9E37_79B9_7F4A_7C15 &+ series &* 0xD1B5_4A32_D192_ED03
        z &+= UInt64(place) &* 0x8CB9_2BA7_2F3D_8DD7
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// A number below `limit`.
    func below(_ limit: Int, _ series: UInt64, _ place: Int) -> Int {
        Int(self(series, place) % UInt64(limit))
    }
}

extension [UInt8] {
    /// Appends a number in decimal, with zeros in front up to `width`.
    mutating func append(number: Int, width: Int = 0) {
        let digits = String(number).utf8
        for _ in 0..<Swift.max(0, width - digits.count) { append(UInt8(ascii: "0")) }
        append(contentsOf: digits)
    }

    mutating func append(_ text: String) { append(contentsOf: text.utf8) }

    /// A value inside a distinguished name (RFC 4514 section 2.4).
    func escapedForDN() -> [UInt8] {
        var escaped: [UInt8] = []
        for (place, byte) in enumerated() {
            let special = #",+"\<>;="#.utf8.contains(byte)
            let atEdge = byte == UInt8(ascii: " ") && (place == 0 || place == count - 1)
            if special || atEdge || (byte == UInt8(ascii: "#") && place == 0) { escaped.append(UInt8(ascii: "\\")) }
            escaped.append(byte)
        }
        return escaped
    }
}

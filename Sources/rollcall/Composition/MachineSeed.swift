import Glibc

/// A number that differs between machines and stays the same on each: what waits by chance come from.
enum MachineSeed {
    /// From the name of the machine (FNV-1a).
    static var value: UInt64 {
        var name = [CChar](repeating: 0, count: 256)
        guard gethostname(&name, 255) == 0 else { return 0 }
        return name.prefix { $0 != 0 }.reduce(0xcbf2_9ce4_8422_2325) {
            ($0 ^ UInt64(UInt8(bitPattern: $1))) &* 0x0100_0000_01b3
        }
    }
}

import Glibc

/// The operating system's account that gave the command.
enum Account {
    /// Its name, or its number where it has none.
    static var name: String {
        guard let entry = getpwuid(getuid()), let name = entry.pointee.pw_name else { return "uid \(getuid())" }
        return String(cString: name)
    }

    /// Number of a system group; nil when there is none of that name.
    static func group(named name: String) -> UInt32? { getgrnam(name)?.pointee.gr_gid }
}

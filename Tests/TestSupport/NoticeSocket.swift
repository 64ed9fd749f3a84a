import Glibc

/// A socket on which a test hears what a service tells its manager.
package final class NoticeSocket {
    /// As `NOTIFY_SOCKET` names it: a path, or `@name` for an abstract one.
    package let name: String
    private let descriptor: Int32

    package init(_ name: String) throws {
        self.name = name
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        var bytes = Array(name.utf8)
        let isAbstract = bytes.first == UInt8(ascii: "@")
        if isAbstract { bytes[0] = 0 }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let start = MemoryLayout<sockaddr_un>.size - MemoryLayout.size(ofValue: address.sun_path)
        let length = socklen_t(start + bytes.count + (isAbstract ? 0 : 1))
        let bound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) }
        }
        guard bound == 0 else { throw Command.Failure(description: "cannot bind `\(name)`: errno \(errno)") }
    }

    deinit { close(descriptor) }

    /// The next datagram, waited for at most so many milliseconds; nil when none came.
    package func next(within milliseconds: Int32 = 60_000) -> String? {
        var waited = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&waited, 1, milliseconds) > 0 else { return nil }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = recv(descriptor, &bytes, bytes.count, 0)
        return count >= 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
    }

    /// Waits until a datagram begins so; false when none does in time.
    package func hears(_ text: String) -> Bool {
        while let said = next() {
            if said.hasPrefix(text) { return true }
        }
        return false
    }
}

import Glibc

/// Tells a service manager how the daemon is: datagrams to the socket that `NOTIFY_SOCKET` names (sd_notify(3)).
///
/// Nothing is waited for, and a manager that does not listen is no failure.
package final class ServiceNotice {
    private let descriptor: Int32
    private var address = sockaddr_un()
    private var length: socklen_t = 0

    /// nil where the path is none: empty, too long, or neither absolute nor abstract (`@name`).
    package init?(socket path: String) {
        var bytes = Array(path.utf8)
        let room = MemoryLayout.size(ofValue: address.sun_path)
        guard let first = bytes.first, bytes.count > 1, bytes.count < room, !bytes.contains(0),
            first == UInt8(ascii: "/") || first == UInt8(ascii: "@")
        else { return nil }
        if first == UInt8(ascii: "@") { bytes[0] = 0 }
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let start = MemoryLayout<sockaddr_un>.size - room
        // The name of an abstract socket ends where the address does; a path with its NUL.
        length = socklen_t(start + bytes.count + (bytes[0] == 0 ? 0 : 1))
    }

    deinit { close(descriptor) }

    package func tell(_ state: ServiceState) {
        send(ServiceNotice.text(state, microseconds: ServiceNotice.microseconds()))
    }

    /// What stands in the datagram; a reload says when it began, by the clock that only goes forward.
    static func text(_ state: ServiceState, microseconds: Int64) -> String {
        switch state {
        case .ready: "READY=1"
        case .reloading: "RELOADING=1\nMONOTONIC_USEC=\(microseconds)"
        case .stopping: "STOPPING=1"
        case .alive: "WATCHDOG=1"
        case .status(let text): "STATUS=\(text.utf8.contains(0x0A) ? "" : text)"
        }
    }

    private func send(_ text: String) {
        let bytes = Array(text.utf8)
        _ = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                sendto(
                    descriptor, bytes, bytes.count, Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL), $0,
                    length)
            }
        }
    }

    private static func microseconds() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000
    }
}

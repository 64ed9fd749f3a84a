import Glibc

/// Plain TCP on the loopback address.
enum LoopbackSocket {
    /// A listening socket on a free port, or on this one; connections beyond the backlog get no answer.
    static func listen(
        at text: String = "127.0.0.1", port: UInt16 = 0, backlog: Int32 = 16
    ) throws -> (descriptor: Int32, port: UInt16) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw Command.Failure(description: "no socket") }
        var address = loopback(port)
        address.sin_addr.s_addr = inet_addr(text)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address -> Int32 in
                guard bind(descriptor, address, length) == 0, Glibc.listen(descriptor, backlog) == 0 else { return -1 }
                return getsockname(descriptor, address, &length)
            }
        }
        guard result == 0 else { throw Command.Failure(description: "no free port") }
        return (descriptor, UInt16(bigEndian: address.sin_port))
    }

    /// A connection to a port; nil when it is refused.
    static func connect(to port: UInt16, at text: String = "127.0.0.1") -> Int32? {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = loopback(port)
        address.sin_addr.s_addr = inet_addr(text)
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        if result == 0 { return descriptor }
        close(descriptor)
        return nil
    }

    /// Whether nothing has the port of this address, and we may have it.
    static func isFree(_ text: String, port: UInt16) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        defer { close(descriptor) }
        var address = loopback(port)
        address.sin_addr.s_addr = inet_addr(text)
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }

    /// Ends a connection by a reset: what is on its way is thrown away, and no end is sent, as a `shutdown` would.
    static func reset(_ descriptor: Int32) {
        var none = sockaddr(sa_family: sa_family_t(AF_UNSPEC), sa_data: sockaddr().sa_data)
        _ = Glibc.connect(descriptor, &none, socklen_t(MemoryLayout<sockaddr>.size))
    }

    static func loopback(_ port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        return address
    }
}

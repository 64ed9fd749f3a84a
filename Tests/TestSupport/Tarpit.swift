import Glibc

/// A port on which a connection never comes about: nobody accepts, and the queue is full, so that not even a refusal comes.
package final class Tarpit: Sendable {
    package let port: UInt16
    private let listener: Int32
    private let waiting: [Int32]

    package init() throws {
        (listener, port) = try LoopbackSocket.listen(backlog: 0)
        // Even an empty queue takes in one or two.
        waiting = (0..<4).compactMap { [port] _ in LoopbackSocket.begin(to: port) }
    }

    deinit { for socket in waiting + [listener] { close(socket) } }

    package var url: String { "ldap://127.0.0.1:\(port)" }
}

extension LoopbackSocket {
    /// A connection that was asked for and may never stand.
    fileprivate static func begin(to port: UInt16) -> Int32? {
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let descriptor = socket(AF_INET, kind, 0)
        guard descriptor >= 0 else { return nil }
        var address = loopback(port)
        _ = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        return descriptor
    }
}

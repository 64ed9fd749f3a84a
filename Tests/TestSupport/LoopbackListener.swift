import Foundation
import Glibc
import Synchronization

/// Accepts connections on a free port of the loopback address, each served on a thread of its own: what servers and proxies of tests
/// stand on.
final class LoopbackListener: Sendable {
    private struct State {
        var connections = 0
        var descriptors: Set<Int32> = []
        var isClosed = false
    }

    let port: UInt16
    private let descriptor: Int32
    private let state = Mutex(State())

    init(at address: String = "127.0.0.1", port: UInt16 = 0) throws {
        (descriptor, self.port) = try LoopbackSocket.listen(at: address, port: port)
    }

    deinit { close() }

    var url: String { "ldap://127.0.0.1:\(port)" }
    /// How many connections came so far.
    var connections: Int { state.withLock { $0.connections } }
    /// Whether some connection is not closed yet.
    var isServing: Bool { state.withLock { !$0.descriptors.isEmpty } }

    /// Serves every connection until the listener is closed; called once.
    ///
    /// The body gets the socket and the number of the connection, counted from 0; when it returns, the connection is closed. Whoever
    /// owns the listener must be captured weakly.
    func serve(_ body: @escaping @Sendable (_ client: Int32, _ number: Int) -> Void) {
        let accepting = descriptor
        Thread.detachNewThread { [weak self] in
            // Closed by who waits on it: its number cannot become another socket's meanwhile.
            defer { Glibc.close(accepting) }
            while true {
                let client = accept(accepting, nil, nil)
                guard client >= 0 else { return }
                guard let number = self?.admit(client) else {
                    Glibc.close(client)
                    return
                }
                Thread.detachNewThread { [weak self] in
                    body(client, number)
                    if let self { self.release(client) } else { Glibc.close(client) }
                }
            }
        }
    }

    /// Ends every connection and stops listening.
    func close() {
        state.withLock { state in
            guard !state.isClosed else { return }
            state.isClosed = true
            shutdown(descriptor, Int32(SHUT_RDWR))
            for descriptor in state.descriptors { shutdown(descriptor, Int32(SHUT_RDWR)) }
        }
    }

    /// Ends a further socket with the others: that of a proxy to its server.
    func hold(_ other: Int32) {
        state.withLock { state in
            state.descriptors.insert(other)
            if state.isClosed { shutdown(other, Int32(SHUT_RDWR)) }
        }
    }

    /// Closes a socket that is held.
    func release(_ socket: Int32) {
        state.withLock { _ = $0.descriptors.remove(socket) }
        Glibc.close(socket)
    }

    /// The number of a new connection; nil when the listener is closed.
    private func admit(_ client: Int32) -> Int? {
        state.withLock { state in
            guard !state.isClosed else { return nil }
            state.descriptors.insert(client)
            state.connections += 1
            return state.connections - 1
        }
    }
}

import Foundation
import Glibc
import Synchronization

/// Stands between a client and a server on loopback, understands the messages of both, and does to them what its faults say.
///
/// After StartTLS it passes bytes as they come, as nobody can look into them.
package final class LDAPProxy: Sendable {
    private struct State {
        var connections = 0
        var requests: [LDAPMessage] = []
        var bytesFromClient = 0
        var descriptors: Set<Int32> = []
        var isClosed = false
    }

    package let port: UInt16
    private let listener: Int32
    private let target: UInt16
    private let address: String
    private let faults: [LDAPFault]
    private let state = Mutex(State())

    package convenience init(to target: UInt16, _ faults: LDAPFault...) throws { try self.init(to: target, faults) }

    /// To a server on a loopback address, of which Samba has its own.
    package init(to target: UInt16, at address: String = "127.0.0.1", _ faults: [LDAPFault]) throws {
        (listener, port) = try LoopbackSocket.listen()
        self.target = target
        self.address = address
        self.faults = faults
        let accepting = listener
        Thread.detachNewThread { [weak self] in
            while true {
                let client = accept(accepting, nil, nil)
                guard client >= 0 else { return }
                guard let self else {
                    Glibc.close(client)
                    return
                }
                self.serve(client)
            }
        }
    }

    deinit { close() }

    package var url: String { "ldap://127.0.0.1:\(port)" }
    package var connections: Int { state.withLock { $0.connections } }
    /// All that the client sent in clear, in order, over all connections.
    package var requests: [LDAPMessage] { state.withLock { $0.requests } }
    /// Bytes of the client, in clear or not.
    package var bytesFromClient: Int { state.withLock { $0.bytesFromClient } }

    /// Ends every connection and stops listening.
    package func close() {
        state.withLock { state in
            guard !state.isClosed else { return }
            state.isClosed = true
            shutdown(listener, Int32(SHUT_RDWR))
            Glibc.close(listener)
            for descriptor in state.descriptors { shutdown(descriptor, Int32(SHUT_RDWR)) }
        }
    }

    private func serve(_ client: Int32) {
        let number = state.withLock { state in
            state.connections += 1
            return state.connections - 1
        }
        guard let server = LoopbackSocket.connect(to: target, at: address) else {
            Glibc.close(client)
            return
        }
        state.withLock { $0.descriptors.formUnion([client, server]) }
        let wire = LDAPWire(client: client, server: server, number: number, faults: faults)
        let done = DispatchSemaphore(value: 0)
        Thread.detachNewThread {
            wire.pump(.fromClient) { bytes, messages in
                self.state.withLock { state in
                    state.bytesFromClient += bytes
                    state.requests += messages
                }
            }
            done.signal()
        }
        Thread.detachNewThread {
            wire.pump(.fromServer) { _, _ in }
            done.wait()
            self.state.withLock { $0.descriptors.subtract([client, server]) }
            Glibc.close(client)
            Glibc.close(server)
        }
    }
}

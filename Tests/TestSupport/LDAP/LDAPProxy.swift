import Foundation
import Synchronization

/// Stands between a client and a server on loopback, understands the messages of both, and does to them what its faults say.
///
/// After StartTLS it passes bytes as they come, as nobody can look into them.
package final class LDAPProxy: Sendable {
    private struct State {
        var requests: [LDAPMessage] = []
        var bytesFromClient = 0
    }

    private let listener: LoopbackListener
    private let target: UInt16
    private let address: String
    private let faults: [LDAPFault]
    private let state = Mutex(State())

    package convenience init(to target: UInt16, _ faults: LDAPFault...) throws { try self.init(to: target, faults) }

    /// To a server on a loopback address, of which Samba has its own; `own` is where the proxy itself listens.
    package init(
        to target: UInt16, at address: String = "127.0.0.1", own: (address: String, port: UInt16) = ("127.0.0.1", 0),
        _ faults: [LDAPFault]
    ) throws {
        listener = try LoopbackListener(at: own.address, port: own.port)
        self.target = target
        self.address = address
        self.faults = faults
        listener.serve { [weak self] client, number in self?.serve(client, number) }
    }

    package var port: UInt16 { listener.port }
    package var url: String { listener.url }
    package var connections: Int { listener.connections }
    /// All that the client sent in clear, in order, over all connections.
    package var requests: [LDAPMessage] { state.withLock { $0.requests } }
    /// Bytes of the client, in clear or not.
    package var bytesFromClient: Int { state.withLock { $0.bytesFromClient } }

    /// Ends every connection and stops listening.
    package func close() { listener.close() }

    private func serve(_ client: Int32, _ number: Int) {
        guard let server = LoopbackSocket.connect(to: target, at: address) else { return }
        listener.hold(server)
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
        wire.pump(.fromServer) { _, _ in }
        done.wait()
        listener.release(server)
    }
}

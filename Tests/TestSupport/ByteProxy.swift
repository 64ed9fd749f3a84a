import Foundation
import Glibc
import Synchronization

/// Stands between a client and a server on loopback, counts what passes, and does what bad networks do.
package final class ByteProxy: Sendable {
    /// What happens to the bytes of one side, the server's unless said otherwise, counted over the whole connection.
    package enum Fault: Sendable {
        case none
        /// The connection ends after so many bytes.
        case cut(after: Int)
        /// The same, by a reset.
        case reset(after: Int)
        /// Nothing more comes after so many bytes, and the connection stays open.
        case stall(after: Int)
        /// So many bytes a second come.
        case drip(bytesPerSecond: Int)
        /// Nothing is ever sent to the server nor back: it accepts and is silent.
        case silent
        /// The connection ends after so many bytes of the client, by a reset if asked for.
        case cutRequests(after: Int, isReset: Bool)
        /// Nothing more of the client's reaches the server after so many bytes, and the connection stays open.
        case stallRequests(after: Int)
        /// One byte of the server's is changed by flipping this bit of the byte at this place.
        case flip(bit: Int, at: Int)
    }

    private struct Counts {
        var fromClient = 0
        var fromServer = 0
    }

    private let listener: LoopbackListener
    private let target: UInt16
    private let fault: Fault
    private let counts = Mutex(Counts())

    package init(to target: UInt16, fault: Fault) throws {
        listener = try LoopbackListener()
        self.target = target
        self.fault = fault
        listener.serve { [weak self] client, _ in self?.serve(client) }
    }

    package var port: UInt16 { listener.port }
    package var url: String { listener.url }
    package var connections: Int { listener.connections }
    package var bytesFromClient: Int { counts.withLock { $0.fromClient } }
    package var bytesFromServer: Int { counts.withLock { $0.fromServer } }

    /// How many bytes a client's goodbye has at most, which nobody answers: an unbind request, in a record and with an alert under TLS.
    package static func goodbye(underTLS: Bool) -> Int { underTLS ? 7 + 64 : 7 }

    /// Ends every connection and stops listening.
    package func close() { listener.close() }

    private func serve(_ client: Int32) {
        if case .silent = fault {
            var buffer = [UInt8](repeating: 0, count: 4096)
            while read(client, &buffer, buffer.count) > 0 {}
            return
        }
        guard let server = LoopbackSocket.connect(to: target) else { return }
        listener.hold(server)
        let clientDone = DispatchSemaphore(value: 0)
        Thread.detachNewThread {
            self.pump(client, server)
            clientDone.signal()
        }
        pumpBack(server, client)
        clientDone.wait()
        listener.release(server)
    }

    private func pump(_ from: Int32, _ to: Int32) {
        var buffer = [UInt8](repeating: 0, count: 65536)
        var passed = 0
        var limit = Int.max
        var isReset = false
        switch fault {
        case .cutRequests(let place, let hard): (limit, isReset) = (place, hard)
        case .stallRequests(let place): limit = place
        default: break
        }
        while true {
            var length = read(from, &buffer, buffer.count)
            guard length > 0 else { break }
            counts.withLock { $0.fromClient += length }
            let isEnd = passed + length >= limit
            length = min(length, limit - passed)
            passed += length
            guard send(to, &buffer, length, Int32(MSG_NOSIGNAL)) == length else { break }
            guard isEnd else { continue }
            if case .cutRequests = fault { end(to, from, isReset: isReset) }
            return
        }
        // Who asks of a directory hangs up as a whole, and a server in the middle of a handshake may not notice half of it.
        shutdown(to, Int32(SHUT_RDWR))
    }

    private func pumpBack(_ server: Int32, _ client: Int32) {
        var buffer = [UInt8](repeating: 0, count: 65536)
        var passed = 0
        while true {
            var length = read(server, &buffer, buffer.count)
            guard length > 0 else { break }
            var isEnd = false
            switch fault {
            case .cut(let limit), .reset(let limit), .stall(let limit):
                isEnd = passed + length >= limit
                length = min(length, limit - passed)
            case .flip(let bit, let place):
                if (passed..<(passed + length)).contains(place) { buffer[place - passed] ^= 1 << UInt8(bit & 7) }
            case .none, .silent, .cutRequests, .stallRequests, .drip:
                break
            }
            passed += length
            counts.withLock { $0.fromServer += length }
            guard give(Array(buffer[..<length]), to: client) else { break }
            if isEnd {
                if case .stall = fault { return }
                if case .reset = fault { return end(server, client, isReset: true) }
                return end(server, client, isReset: false)
            }
        }
        shutdown(client, Int32(SHUT_RDWR))
        shutdown(server, Int32(SHUT_RDWR))
    }

    /// Sends all of it, in its time; false when the other side is gone.
    private func give(_ bytes: [UInt8], to client: Int32) -> Bool {
        guard case .drip(let rate) = fault else { return LDAPWire.write(bytes, to: client) }
        for byte in bytes {
            usleep(UInt32(1_000_000 / max(1, rate)))
            guard LDAPWire.write([byte], to: client) else { return false }
        }
        return true
    }

    private func end(_ server: Int32, _ client: Int32, isReset: Bool) {
        for side in [client, server] {
            if isReset { LoopbackSocket.reset(side) } else { shutdown(side, Int32(SHUT_RDWR)) }
        }
    }
}

import Glibc
import Synchronization

/// One connection through a proxy: two sockets, and the requests that wait for an answer.
final class LDAPWire: Sendable {
    enum Direction { case fromClient, fromServer }

    private struct State {
        var requests: [Int: LDAPMessage] = [:]
        /// Whether StartTLS was answered with success: from here on nobody can read along.
        var isOpaque = false
    }

    /// What a direction does with what it is to send.
    private struct Flow {
        var bytesPerSecond: Int?
        var isStalled = false
        var isEnded = false
    }

    private static let startTLS = "1.3.6.1.4.1.1466.20037"

    private let client: Int32
    private let server: Int32
    private let number: Int
    private let faults: [LDAPFault]
    private let state = Mutex(State())

    init(client: Int32, server: Int32, number: Int, faults: [LDAPFault]) {
        self.client = client
        self.server = server
        self.number = number
        self.faults = faults
    }

    /// Moves messages in one direction until it ends; `note` is told what came.
    func pump(_ direction: Direction, note: (Int, [LDAPMessage]) -> Void) {
        let source = direction == .fromClient ? client : server
        let sink = direction == .fromClient ? server : client
        var framer = LDAPFramer()
        var flow = Flow()
        var buffer = [UInt8](repeating: 0, count: 65536)
        while !flow.isEnded {
            let length = read(source, &buffer, buffer.count)
            guard length > 0 else { break }
            guard !state.withLock({ $0.isOpaque }) else {
                note(length, [])
                LDAPWire.write(Array(buffer[..<length]), to: sink)
                continue
            }
            let frames = framer.take(buffer[..<length])
            let messages = frames.compactMap { LDAPMessage($0) }
            note(length, messages)
            for message in messages where !flow.isEnded { handle(message, direction, &flow) }
        }
        guard !flow.isEnded else { return }
        if direction == .fromClient {
            shutdown(server, Int32(SHUT_WR))
        } else if !flow.isStalled {
            end()
        }
    }

    private func handle(_ message: LDAPMessage, _ direction: Direction, _ flow: inout Flow) {
        let isFromClient = direction == .fromClient
        if isFromClient { state.withLock { $0.requests[message.id] = message } }
        let request: LDAPMessage? = isFromClient ? message : state.withLock { $0.requests[message.id] }
        let exchange = LDAPExchange(connection: number, request: request)
        var actions: [LDAPAction] = [.pass(message)]
        for fault in faults {
            guard let change = isFromClient ? fault.onRequest : fault.onResponse else { continue }
            actions = actions.flatMap { action -> [LDAPAction] in
                if case .pass(let message) = action { change(message, exchange) } else { [action] }
            }
        }
        // Before the answer goes out: the client's first bytes of TLS may be here sooner than this goes on.
        if !isFromClient, request?.extendedName == LDAPWire.startTLS, message.result?.code == 0 {
            state.withLock { $0.isOpaque = true }
        }
        for action in actions where !flow.isEnded { perform(action, direction, &flow) }
    }

    private func perform(_ action: LDAPAction, _ direction: Direction, _ flow: inout Flow) {
        let sink = direction == .fromClient ? server : client
        switch action {
        case .pass(let message): send(message.encoded, to: sink, flow)
        case .bytes(let bytes): send(bytes, to: sink, flow)
        case .reply(let message): send(message.encoded, to: direction == .fromClient ? client : server, flow)
        case .perform(let body): body()
        case .drip(let rate): flow.bytesPerSecond = rate
        case .stall: flow.isStalled = true
        case .halfClose:
            flow.isStalled = true
            shutdown(sink, Int32(SHUT_WR))
        case .close:
            flow.isEnded = true
            end()
        case .reset:
            flow.isEnded = true
            for side in [client, server] { LoopbackSocket.reset(side) }
        }
    }

    private func send(_ bytes: [UInt8], to sink: Int32, _ flow: Flow) {
        guard !flow.isStalled else { return }
        guard let rate = flow.bytesPerSecond else {
            LDAPWire.write(bytes, to: sink)
            return
        }
        for byte in bytes {
            usleep(UInt32(1_000_000 / max(1, rate)))
            guard LDAPWire.write([byte], to: sink) else { return }
        }
    }

    private func end() {
        shutdown(client, Int32(SHUT_RDWR))
        shutdown(server, Int32(SHUT_RDWR))
    }

    /// Writes all of it; false when the other side is gone.
    @discardableResult
    static func write(_ bytes: [UInt8], to sink: Int32) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(sink, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }
}

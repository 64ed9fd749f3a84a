import Glibc
package import LDAPClient
import Synchronization

/// A server of LDAP that answers as a test says, and keeps every byte it was sent.
package final class ScriptedServer: Sendable {
    /// A request as it came.
    package struct Request: Sendable {
        package let id: Int
        /// Tag of the operation: 0x60 a bind, 0x63 a search, 0x77 an extended operation.
        package let tag: UInt8
        package let body: [UInt8]
        /// Which request of the server's this is, and of its connection, both counted from 0.
        package let number: Int
        package let numberInConnection: Int
    }

    /// What happens after a request.
    package enum Answer: Sendable {
        case send([UInt8])
        case sendAndClose([UInt8])
        case nothing
        case close
    }

    private struct State {
        var requests: [UInt8] = []
        var received: [UInt8] = []
    }

    private let listener: LoopbackListener
    private let answer: @Sendable (Request) -> Answer
    private let state = Mutex(State())

    package init(_ answer: @escaping @Sendable (Request) -> Answer) throws {
        listener = try LoopbackListener()
        self.answer = answer
        listener.serve { [weak self] client, _ in self?.serve(client) }
    }

    package var port: UInt16 { listener.port }
    package var url: String { listener.url }
    package var connections: Int { listener.connections }
    /// Whether some connection is not closed yet.
    package var isServing: Bool { listener.isServing }
    /// Everything that any client sent, in order.
    package var received: [UInt8] { state.withLock { $0.received } }
    /// How many requests of a kind came.
    package func count(_ tag: UInt8) -> Int { state.withLock { state in state.requests.filter { $0 == tag }.count } }
    package var binds: Int { count(0x60) }

    package func stop() { listener.close() }

    private func serve(_ client: Int32) {
        var pending: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        var number = 0
        while true {
            let length = read(client, &buffer, buffer.count)
            guard length > 0 else { return }
            state.withLock { $0.received += buffer[..<length] }
            pending += buffer[..<length]
            while let (message, rest) = ScriptedServer.split(pending) {
                pending = rest
                guard let request = note(message, number) else { return }
                // Nobody waits for an answer to an unbind or an abandon.
                if request.tag == 0x42 || request.tag == 0x50 { continue }
                number += 1
                switch answer(request) {
                case .send(let bytes): _ = send(client, bytes, bytes.count, Int32(MSG_NOSIGNAL))
                case .sendAndClose(let bytes):
                    _ = send(client, bytes, bytes.count, Int32(MSG_NOSIGNAL))
                    return
                case .nothing: break
                case .close: return
                }
            }
        }
    }

    /// The first whole message of the bytes, and what follows it.
    private static func split(_ bytes: [UInt8]) -> ([UInt8], [UInt8])? {
        guard bytes.count >= 2, bytes[0] == 0x30 else { return nil }
        var start = 2
        var length = Int(bytes[1])
        if length >= 0x80 {
            start += length & 0x7f
            guard bytes.count >= start else { return nil }
            length = bytes[2..<start].reduce(0) { $0 << 8 | Int($1) }
        }
        guard bytes.count >= start + length else { return nil }
        return (Array(bytes[start..<(start + length)]), Array(bytes[(start + length)...]))
    }

    private func note(_ message: [UInt8], _ numberInConnection: Int) -> Request? {
        message.withUnsafeBytes { bytes in
            var cursor = BERCursor(bytes)
            guard let id = try? cursor.integer(), let (tag, body) = try? cursor.nextElement() else { return nil }
            return state.withLock { state in
                let number = state.requests.count
                if tag != 0x42, tag != 0x50 { state.requests.append(tag) }
                return Request(
                    id: id, tag: tag, body: Array(body), number: number, numberInConnection: numberInConnection)
            }
        }
    }
}

/// Messages of a server (RFC 4511 §4.1), made by hand.
package enum ServerMessage {
    /// A result of any operation: 0x61 of a bind, 0x65 of a search, 0x78 of an extended operation.
    package static func result(
        _ tag: UInt8, _ request: ScriptedServer.Request, code: Int, text: String = "",
        controls: [ResponseControl] = []
    ) -> [UInt8] {
        message(request.id, controls) { writer in
            writer.sequence(tag: tag) { result in
                result.enumerated(code)
                result.octets([])
                result.octets(text.utf8)
            }
        }
    }

    package static func entry(
        _ request: ScriptedServer.Request, dn: String, attributes: [(String, [String])] = []
    ) -> [UInt8] {
        message(request.id, []) { writer in
            writer.sequence(tag: 0x64) { entry in
                entry.octets(dn.utf8)
                entry.sequence { list in
                    for (name, values) in attributes {
                        list.sequence { attribute in
                            attribute.octets(name.utf8)
                            attribute.sequence(tag: 0x31) { set in for value in values { set.octets(value.utf8) } }
                        }
                    }
                }
            }
        }
    }

    /// The control of a page (RFC 2696).
    package static func page(cookie: [UInt8]) -> ResponseControl {
        var writer = BERWriter()
        writer.sequence { sequence in
            sequence.integer(0)
            sequence.octets(cookie)
        }
        return ResponseControl(oid: "1.2.840.113556.1.4.319", value: writer.bytes)
    }

    package static func message(
        _ id: Int, _ controls: [ResponseControl], _ operation: (inout BERWriter) -> Void
    ) -> [UInt8] {
        var writer = BERWriter()
        writer.sequence { message in
            message.integer(id)
            operation(&message)
            guard !controls.isEmpty else { return }
            message.sequence(tag: 0xa0) { list in
                for control in controls {
                    list.sequence { one in
                        one.octets(control.oid.utf8)
                        if let value = control.value { one.octets(value) }
                    }
                }
            }
        }
        return writer.bytes
    }
}

import Foundation
import Glibc

/// A client that sends the messages a test writes, on one connection, and gives back what comes.
package final class LDAPRawClient: Sendable {
    private let descriptor: Int32
    private let numbers = Count()

    package init(to port: UInt16, at address: String = "127.0.0.1") throws {
        guard let connected = LoopbackSocket.connect(to: port, at: address) else {
            throw Command.Failure(description: "nothing listens on port \(port)")
        }
        descriptor = connected
        var limit = timeval(tv_sec: 10, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { close(descriptor) }

    /// Sends an operation and returns all that answers it, its end last.
    package func ask(
        _ kind: LDAPMessage.Kind, _ parts: [[UInt8]], controls: [LDAPMessage.Control] = []
    ) throws -> [LDAPMessage] {
        let id = numbers.next()
        LDAPWire.write(LDAPMessage(id: id, kind, parts, controls: controls).encoded, to: descriptor)
        var framer = LDAPFramer()
        var answer: [LDAPMessage] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while answer.last?.result == nil {
            let length = read(descriptor, &buffer, buffer.count)
            guard length > 0 else { throw Command.Failure(description: "the server sent no end of its answer") }
            answer += framer.take(buffer[..<length]).compactMap { LDAPMessage($0) }.filter { $0.id == id }
        }
        return answer
    }

    /// The result code of a simple bind.
    @discardableResult
    package func bind(_ account: Account) throws -> LDAPResultParts? {
        let parts = [BER.integer(3), BER.text(account.dn), BER.text(account.password, tag: 0x80)]
        return try ask(.bindRequest, parts).last?.result
    }

    /// A search for everything of a class below a base.
    package func search(
        _ base: String, scope: Int = 2, class wanted: String = "*", filter: [UInt8]? = nil, attributes: [String] = [],
        page: (size: Int, cookie: [UInt8])? = nil, controls: [LDAPMessage.Control] = []
    ) throws -> [LDAPMessage] {
        let standard =
            wanted == "*"
            ? BER.text("objectClass", tag: 0x87)
            : BER.sequence([BER.text("objectClass"), BER.text(wanted)], tag: 0xa3)
        let parts: [[UInt8]] = [
            BER.text(base), BER.integer(scope, tag: 0x0a), BER.integer(0, tag: 0x0a), BER.integer(0), BER.integer(0),
            BER.boolean(false), filter ?? standard, BER.sequence(attributes.map { BER.text($0) }),
        ]
        var all = controls
        if let page {
            let value = BER.sequence([BER.integer(page.size), BER.octets(page.cookie)])
            all.append(LDAPMessage.Control(LDAPMessage.pagedResultsType, isCritical: true, value: value))
        }
        return try ask(.searchRequest, parts, controls: all)
    }
}

import Foundation
import Glibc
package import LDAPClient
import Synchronization

/// A name server on a loopback port that knows some SRV records, or is broken.
package final class NameServerFixture: Sendable {
    package enum Behavior: Sendable { case answer, silent, fail }

    package let port: UInt16
    private let isEnded = Ended()

    /// Raised when nobody holds the fixture any more: the thread then closes the socket that it alone uses.
    private final class Ended: Sendable {
        let flag = Mutex(false)
    }

    package init(_ records: [String: [ServiceRecord]], behavior: Behavior = .answer) throws {
        let listening: Int32
        (listening, port) = try LoopbackSocket.bindDatagrams()
        var patience = timeval(tv_sec: 0, tv_usec: 100_000)
        setsockopt(listening, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        Thread.detachNewThread { [isEnded] in
            defer { close(listening) }
            var buffer = [UInt8](repeating: 0, count: 4096)
            while !isEnded.flag.withLock({ $0 }) {
                var client = sockaddr_in()
                var size = socklen_t(MemoryLayout<sockaddr_in>.size)
                let length = withUnsafeMutablePointer(to: &client) { pointer in
                    pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                        recvfrom(listening, &buffer, buffer.count, 0, $0, &size)
                    }
                }
                guard length > 0 else { continue }
                let question = Array(buffer[..<length])
                var answer: [UInt8]
                switch behavior {
                case .silent: continue
                case .answer:
                    answer = NameServerFixture.answer(
                        to: question, with: records[NameServerFixture.name(of: question)] ?? [])
                case .fail:
                    answer = NameServerFixture.answer(to: question, with: [])
                    answer[3] = 0x82
                }
                withUnsafePointer(to: &client) { pointer in
                    pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                        _ = sendto(listening, answer, answer.count, 0, $0, size)
                    }
                }
            }
        }
    }

    deinit { isEnded.flag.withLock { $0 = true } }

    /// A question for the SRV records of a name.
    package static func question(_ name: String) -> [UInt8] {
        [0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0] + encoded(name) + [0, 33, 0, 1]
    }

    /// The answer with these records, or that there is no such name.
    package static func answer(to question: [UInt8], with records: [ServiceRecord]) -> [UInt8] {
        let end = endOfName(question) + 4
        let code: UInt8 = records.isEmpty ? 3 : 0
        var bytes = Array(question.prefix(2)) + [0x85, 0x80 | code, 0, 1, 0, UInt8(records.count), 0, 0, 0, 0]
        bytes += question[12..<end]
        for record in records {
            let host = record.host.isEmpty ? [0] : encoded(record.host)
            bytes += [0xc0, 12, 0, 33, 0, 1, 0, 0, 0, 60] + number(UInt16(6 + host.count))
            bytes += number(record.priority) + number(record.weight) + number(record.port) + host
        }
        return bytes
    }

    private static func name(of question: [UInt8]) -> String {
        var labels: [String] = []
        var at = 12
        while at < question.count, question[at] > 0 {
            let end = at + 1 + Int(question[at])
            labels.append(String(decoding: question[(at + 1)..<end], as: UTF8.self))
            at = end
        }
        return labels.joined(separator: ".").lowercased()
    }

    private static func endOfName(_ question: [UInt8]) -> Int {
        var at = 12
        while at < question.count, question[at] > 0 { at += 1 + Int(question[at]) }
        return at + 1
    }

    private static func encoded(_ name: String) -> [UInt8] {
        name.split(separator: ".").flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) } + [0]
    }

    private static func number(_ value: UInt16) -> [UInt8] { [UInt8(value >> 8), UInt8(value & 0xff)] }
}

extension LoopbackSocket {
    /// A socket for datagrams on a free port.
    static func bindDatagrams() throws -> (descriptor: Int32, port: UInt16) {
        let descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw Command.Failure(description: "no socket") }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address -> Int32 in
                guard bind(descriptor, address, length) == 0 else { return -1 }
                return getsockname(descriptor, address, &length)
            }
        }
        guard result == 0 else { throw Command.Failure(description: "no free port") }
        return (descriptor, UInt16(bigEndian: address.sin_port))
    }
}

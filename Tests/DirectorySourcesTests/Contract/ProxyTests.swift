import Glibc
import Testing

@testable import TestSupport

/// The proxies that faults come from do what they say: a test of what a reset does is worth nothing where none is sent.
struct ProxyTests {
    /// How a raw connection to a port ends: 0, or the error's number.
    private func ending(_ port: UInt16, sending bytes: [UInt8]) throws -> Int32 {
        let descriptor = try #require(LoopbackSocket.connect(to: port))
        defer { close(descriptor) }
        #expect(LDAPWire.write(bytes, to: descriptor))
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count == 0 { return 0 }
            if count < 0 { return errno }
        }
    }

    private static let anonymousBind: [UInt8] = [0x30, 0x0C, 2, 1, 1, 0x60, 7, 2, 1, 3, 4, 0, 0x80, 0]

    @Test(
        arguments: [
            (.cut(after: 5), 0), (.reset(after: 5), ECONNRESET), (.cutRequests(after: 5, isReset: false), 0),
            (.cutRequests(after: 5, isReset: true), ECONNRESET),
        ] as [(ByteProxy.Fault, Int32)])
    func bytesEndAsAsked(_ story: (fault: ByteProxy.Fault, end: Int32)) throws {
        let server = try ScriptedServer { .send(ServerMessage.result(0x61, $0, code: 0)) }
        let proxy = try ByteProxy(to: server.port, fault: story.fault)
        #expect(try ending(proxy.port, sending: ProxyTests.anonymousBind) == story.end)
    }

    @Test(arguments: [(.close, 0), (.reset, ECONNRESET)] as [(LDAPAction, Int32)])
    func messagesEndAsAsked(_ story: (action: LDAPAction, end: Int32)) throws {
        let server = try ScriptedServer { .send(ServerMessage.result(0x61, $0, code: 0)) }
        let proxy = try LDAPProxy(to: server.port, .at(.bind, story.action))
        #expect(try ending(proxy.port, sending: ProxyTests.anonymousBind) == story.end)
    }
}

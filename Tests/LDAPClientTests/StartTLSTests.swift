import LDAPClient
import TestSupport
import Testing

/// Nothing but the question for StartTLS ever goes over a connection in clear that should have TLS, whatever the server does.
struct StartTLSTests {
    /// `SEQUENCE { 1, [APPLICATION 23] { [0] 1.3.6.1.4.1.1466.20037 } }`
    private static let question: [UInt8] =
        [0x30, 0x1d, 0x02, 0x01, 0x01, 0x77, 0x18, 0x80, 0x16] + Array("1.3.6.1.4.1.1466.20037".utf8)

    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var answer: @Sendable (ScriptedServer.Request) -> ScriptedServer.Answer
    }

    private static func agreed(_ request: ScriptedServer.Request) -> [UInt8] {
        ServerMessage.result(0x78, request, code: 0)
    }

    /// Every place at which an agreement can be cut, and everything that can stand in its place.
    static let cases: [Case] =
        [1, 2, 8, 51, 52, 53, 80].map { code in
            Case(testDescription: "refused with \(code)") { .send(ServerMessage.result(0x78, $0, code: code)) }
        }
        + (0..<14).map { length in
            Case(testDescription: "cut after \(length)") { .sendAndClose(Array(agreed($0).prefix(length))) }
        }
        + [
            Case(testDescription: "agreed, then a bind that nobody asked for") {
                .send(agreed($0) + ServerMessage.result(0x61, $0, code: 0))
            },
            Case(testDescription: "agreed, then text") { .send(agreed($0) + Array("220 ready\r\n".utf8)) },
            Case(testDescription: "agreed twice") { .send(agreed($0) + agreed($0)) },
            Case(testDescription: "agreed, then closed") { .sendAndClose(agreed($0)) },
            Case(testDescription: "agreed, then silent") { .send(agreed($0)) },
            Case(testDescription: "silent") { _ in .nothing },
            Case(testDescription: "closed") { _ in .close },
            Case(testDescription: "an answer to another question") { request in
                .send(ServerMessage.result(0x61, request, code: 0))
            },
            Case(testDescription: "not LDAP") { _ in .send(Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8)) },
            Case(testDescription: "notice of disconnection") { _ in
                .sendAndClose(
                    ServerMessage.message(0, []) { writer in
                        writer.sequence(tag: 0x78) { notice in
                            notice.enumerated(52)
                            notice.octets([])
                            notice.octets([])
                            notice.octets("1.3.6.1.4.1.1466.20036".utf8, tag: 0x8a)
                        }
                    })
            },
        ]

    @Test(arguments: cases)
    func noBindIsSentInClear(wrong: Case) throws {
        let server = try ScriptedServer(wrong.answer)
        let settings = ConnectionSettings(
            tls: TLSSettings(mode: .starttls, caFile: try TestCertificates.shared.get().authorityFile),
            timeouts: Timeouts(connect: .milliseconds(400), idle: .milliseconds(400), pull: .seconds(5)))
        #expect(throws: LDAPError.self) {
            let connection = try LDAPConnection(to: try #require(LDAPURL(server.url)), settings: settings)
            try connection.bind(.simple(dn: "cn=rollcall", password: Secret(Array("canary".utf8))))
        }
        #expect(server.binds == 0)
        var rest = server.received[...]
        // The diagnostic handshake may ask a second time on a connection of its own.
        while rest.starts(with: StartTLSTests.question) {
            rest = rest.dropFirst(StartTLSTests.question.count)
            // What follows is TLS: a record of a handshake or of an alert, to its end.
            while let kind = rest.first, kind == 0x16 || kind == 0x15, rest.count >= 5 {
                let start = rest.startIndex
                rest = rest.dropFirst(5 + Int(rest[start + 3]) << 8 + Int(rest[start + 4]))
            }
        }
        // libldap says goodbye before it closes: an unbind of seven bytes, without any secret.
        let goodbye: [UInt8] = [0x30, 0x05, 0x02, 0x01, 0x02, 0x42, 0x00]
        #expect(rest.isEmpty || rest.elementsEqual(goodbye), "\(Array(rest))")
        #expect(!Array(server.received).contains("canary"))
    }
}

extension [UInt8] {
    fileprivate func contains(_ text: String) -> Bool {
        let wanted = Array(text.utf8)
        return count >= wanted.count && (0...(count - wanted.count)).contains { self[$0...].starts(with: wanted) }
    }
}

import LDAPClient
import TestSupport
import Testing

/// Pages that lead nowhere, and answers that are none: every one ends as an error, in time.
struct PageTests {
    private func end(
        _ server: ScriptedServer, pageSize: Int32? = 2, change: (inout ConnectionSettings) -> Void = { _ in }
    ) throws -> SearchEnd {
        var settings = ConnectionSettings(
            timeouts: Timeouts(connect: .seconds(1), idle: .milliseconds(400), pull: .seconds(5)))
        change(&settings)
        let connection = try LDAPConnection(to: try #require(LDAPURL(server.url)), settings: settings)
        return try connection.search(SearchRequest(base: "dc=example", attributes: ["cn"], pageSize: pageSize)) {
            (entry) throws(BERFault) in
            var attributes = entry.cursor
            while var attribute = try attributes.next() { while try attribute.values.next() != nil {} }
        }
    }

    private func problem(
        _ server: ScriptedServer, pageSize: Int32? = 2, change: (inout ConnectionSettings) -> Void = { _ in }
    ) throws -> LDAPError.Problem {
        do {
            let end = try end(server, pageSize: pageSize, change: change)
            throw Command.Failure(description: "ended with \(end)")
        } catch let error as LDAPError { return error.problem }
    }

    /// A page with entries of these names and this cookie.
    private static func page(
        _ request: ScriptedServer.Request, _ names: [String], cookie: [UInt8]?
    ) -> ScriptedServer.Answer {
        let entries = names.flatMap { ServerMessage.entry(request, dn: "cn=" + $0, attributes: [("cn", [$0])]) }
        let controls = cookie.map { [ServerMessage.page(cookie: $0)] } ?? []
        return .send(entries + ServerMessage.result(0x65, request, code: 0, controls: controls))
    }

    @Test func lostConnectionIsNeverMadeAgainAsAnonymous() throws {
        for isQuick in [true, false] {
            let server = try ScriptedServer { request in
                if request.tag == 0x60 { return .send(ServerMessage.result(0x61, request, code: 0)) }
                let end = ServerMessage.result(0x65, request, code: 0)
                return request.number == 1 ? .sendAndClose(end) : .send(end)
            }
            let settings = ConnectionSettings(timeouts: Timeouts(connect: .seconds(2), idle: .seconds(2)))
            let connection = try LDAPConnection(to: try #require(LDAPURL(server.url)), settings: settings)
            try connection.bind(.simple(dn: "cn=rollcall", password: Secret(Array("canary".utf8))))
            _ = try? connection.search(SearchRequest(base: "dc=example")) { _ in }
            // Whoever waits until the server has closed the connection meets it in another place.
            while !isQuick, server.isServing {}
            for _ in 0..<3 {
                #expect(throws: LDAPError.self) { try connection.search(SearchRequest(base: "dc=example")) { _ in } }
                #expect(throws: LDAPError.self) { try connection.whoAmI() }
            }
            #expect(server.connections == 1)
        }
    }

    @Test func shortAndEmptyPagesAreLegal() throws {
        let pages: [[String]] = [["a", "b"], [], ["c"], [], [], ["d", "e"]]
        let server = try ScriptedServer { request in
            PageTests.page(request, pages[request.number], cookie: request.number + 1 < pages.count ? [1] : [])
        }
        #expect(try end(server).entries == 5)
    }

    @Test func pageWithoutItsControlIsRefused() throws {
        for number in 0..<2 {
            let server = try ScriptedServer { request in
                PageTests.page(request, ["a\(request.number)"], cookie: request.number == number ? nil : [1])
            }
            #expect(try problem(server) == .malformed("a page without the control that says whether another follows"))
        }
    }

    @Test func pageThatComesAgainIsRefused() throws {
        let server = try ScriptedServer { PageTests.page($0, ["a", "b"], cookie: [1]) }
        #expect(try problem(server) == .malformed("a page that it had sent before"))
        #expect(server.count(0x63) == 2)
    }

    @Test func pageBeyondWhatWasAskedForIsRefused() throws {
        let server = try ScriptedServer { PageTests.page($0, ["a", "b", "c"], cookie: []) }
        #expect(try problem(server) == .malformed("a page of more entries than were asked for"))
    }

    @Test func emptyPagesDoNotGoOnForEver() throws {
        let server = try ScriptedServer { PageTests.page($0, [], cookie: [1]) }
        #expect(
            try problem(server) { $0.timeouts.pull = .seconds(60) } == .malformed("a thousand empty pages in a row"))
    }

    @Test func entriesDoNotGoOnForEver() throws {
        let server = try ScriptedServer { request in
            .send((0..<5000).flatMap { ServerMessage.entry(request, dn: "cn=\($0)") })
        }
        #expect(
            try problem(server, pageSize: nil) { $0.maximumEntries = 2048 }
                == .malformed("more than 2048 entries in one search"))
    }

    @Test(
        arguments: [
            [], [0x30], [0x30, 0], [0x30, 2, 2, 0], [0x30, 3, 2, 1, 0], [0x04, 1, 0],
            [0x30, 0x84, 0xff, 0xff, 0xff, 0xff],
        ] as [[UInt8]])
    func brokenControlOfAPageIsRefused(value: [UInt8]) throws {
        let server = try ScriptedServer { request in
            let control = ResponseControl(oid: "1.2.840.113556.1.4.319", value: value)
            return .send(ServerMessage.result(0x65, request, code: 0, controls: [control]))
        }
        #expect(try problem(server) == .malformed("the control of a page cannot be read"))
    }

    @Test(arguments: [0, 2, 99, 2_147_483_647, -1])
    func answerToAnotherQuestionIsNone(id: Int) throws {
        let server = try ScriptedServer { _ in
            .send(
                ServerMessage.message(id, []) { writer in
                    writer.sequence(tag: 0x65) { result in
                        result.enumerated(0)
                        result.octets([])
                        result.octets([])
                    }
                })
        }
        let problem = try problem(server, pageSize: nil)
        switch problem {
        case .timedOut(.answer), .disconnected, .malformed: break
        default: Issue.record("\(problem)")
        }
    }

    @Test(arguments: [0x61, 0x69, 0x6b, 0x6d, 0x6f, 0x78, 0x64, 0x73, 0x00, 0xff] as [UInt8])
    func answerOfAnotherKindIsNone(tag: UInt8) throws {
        let server = try ScriptedServer { .send(ServerMessage.result(tag, $0, code: 0)) }
        #expect(throws: LDAPError.self) { try end(server, pageSize: nil) }
    }

    @Test func referencesAreKeptOnceEachAndNotWithoutEnd() throws {
        let server = try ScriptedServer { request in
            let references = (0..<300).flatMap { number in
                ServerMessage.message(request.id, []) { writer in
                    writer.sequence(tag: 0x73) { $0.octets("ldap://host\(number / 2).example/dc=x".utf8) }
                }
            }
            return .send(references + ServerMessage.result(0x65, request, code: 0))
        }
        let end = try end(server, pageSize: nil)
        #expect(end.references == 300)
        #expect(end.referenceURLs.count == SearchEnd.maximumReferences)
        #expect(end.firstReference == "ldap://host0.example/dc=x")
        #expect(end.hasMoreReferenceURLs)
        #expect(!end.isWhole)
    }

    @Test(arguments: 0..<4)
    func damagedAnswersNeverTrapNorLast(seed: UInt64) throws {
        for number in 0..<Figures.of(40, soak: 4_000) {
            let server = try ScriptedServer { request in
                var random = SeededNumbers(seed: seed << 32 | UInt64(number))
                var bytes = (0..<3).flatMap { place in
                    ServerMessage.entry(
                        request, dn: "cn=p\(place)", attributes: [("cn", ["p\(place)", "q"]), ("sn", ["s"])])
                }
                bytes += ServerMessage.result(0x65, request, code: 0, controls: [ServerMessage.page(cookie: [])])
                for _ in 0..<Int.random(in: 1...3, using: &random) {
                    bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
                }
                return .sendAndClose(bytes)
            }
            let end = try? end(server, change: { $0.timeouts.idle = .milliseconds(200) })
            #expect(end?.entries ?? 0 <= 3, "seed \(seed), case \(number)")
        }
    }
}

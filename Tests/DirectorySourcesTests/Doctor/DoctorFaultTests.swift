import DirectoryModel
import LDAPClient
import Synchronization
import TestSupport
import Testing

@testable import DirectorySources

/// Servers that break, hang or lie at any answer: the examination ends, in time, and tells of every step.
struct DoctorFaultTests {
    private static let slapd = Result {
        try SlapdFixture(
            ldif: SampleCompany.frame + SampleCompany.people(5)
                + SampleCompany.group("g", number: 1, members: [SampleCompany.personDN("p0")]),
            options: SlapdFixture.Options(overlays: [.syncprov]))
    }

    /// A fault at the answer of this number, counted over all connections.
    private static func fault(at number: Int, _ actions: [LDAPAction]) -> LDAPFault {
        let count = Counter()
        return .responses { message, _ in count.next() == number ? actions : [.pass(message)] }
    }

    private final class Counter: Sendable {
        private let value = Mutex(0)

        func next() -> Int {
            value.withLock {
                $0 += 1
                return $0
            }
        }
    }

    private func examine(_ fault: LDAPFault) throws -> Examination {
        let proxy = try LDAPProxy(to: try Self.slapd.get().port, fault)
        let timeouts = Timeouts(connect: .milliseconds(400), idle: .milliseconds(400), pull: .seconds(10))
        return DoctorBench.examine(proxy.url, try Self.slapd.get().reader.bind, timeouts: timeouts)
    }

    private func expectWhole(_ found: Examination, _ sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(found.steps.map(\.step) == ExaminationStep.allCases, sourceLocation: sourceLocation)
        for step in found.steps {
            #expect(
                step.facts != nil || !step.ailments.isEmpty || step.skippedBecause != nil,
                sourceLocation: sourceLocation)
        }
    }

    @Test(arguments: Array(1...45))
    func connectionThatBreaks(number: Int) throws {
        let found = try examine(Self.fault(at: number, [.reset]))
        expectWhole(found)
    }

    @Test(arguments: Array(stride(from: 1, through: 41, by: 4)))
    func answerThatNeverComes(number: Int) throws {
        let found = try examine(Self.fault(at: number, [.stall]))
        expectWhole(found)
        #expect(!found.failures.isEmpty)
    }

    @Test(arguments: Array(stride(from: 1, through: 45, by: 3)))
    func answerThatIsGarbage(number: Int) throws {
        let found = try examine(Self.fault(at: number, [.bytes([0x30, 0x84, 0xff, 0xff, 0xff, 0xff, 0x02])]))
        expectWhole(found)
        #expect(!found.failures.isEmpty)
    }

    @Test(arguments: [1, 2, 8, 32, 50, 51, 53, 80, 123])
    func searchesThatEndOtherwise(code: Int) throws {
        let found = try examine(.result(code, at: LDAPPlace(.searchDone)))
        expectWhole(found)
        #expect(!found.failures.isEmpty)
    }

    @Test func aServerThatIsNone() throws {
        let server = try ScriptedServer { _ in .send(Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8)) }
        let timeouts = Timeouts(connect: .milliseconds(400), idle: .milliseconds(400), pull: .seconds(10))
        let found = DoctorBench.examine(server.url, ADStub.reader.bind, timeouts: timeouts)
        expectWhole(found)
        #expect(found[.bind]?.verdict == .bad)
        #expect(server.binds == 1)
    }

    @Test func aServerThatSaysYesToEverything() throws {
        let server = try ScriptedServer { request in
            switch request.tag {
            case 0x60: .send(ServerMessage.result(0x61, request, code: 0))
            case 0x63: .send(ServerMessage.result(0x65, request, code: 0))
            default: .send(ServerMessage.result(0x78, request, code: 0))
            }
        }
        let found = DoctorBench.examine(server.url, ADStub.reader.bind)
        expectWhole(found)
        #expect(found.warnings(of: .identity) == [.isAnonymous(wasAsked: false)])
        #expect(found.failure?.kind == .refused)
    }
}

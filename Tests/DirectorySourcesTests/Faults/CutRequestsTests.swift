import DirectoryModel
import DirectorySources
import LDAPClient
import TestSupport
import Testing

/// The connection ends, or stalls, after so many bytes of the client's: the answer to half a question is never taken for one to the whole.
struct CutRequestsTests {
    private static func total() throws -> Int {
        let measure = try ByteProxy(to: try FaultBench.shared.get().port, fault: .none)
        let source = try FaultBench.source([measure.url])
        _ = try source.completePull()
        return measure.bytesFromClient
    }

    @Test(arguments: [false, true])
    func cutAnywhereIsAFailure(isReset: Bool) throws {
        let total = try CutRequestsTests.total()
        #expect(total > 500)
        var cuts = 0
        for length in stride(from: 0, to: total, by: Figures.of(max(1, total / 25), soak: 1)) {
            let proxy = try ByteProxy(
                to: try FaultBench.shared.get().port, fault: .cutRequests(after: length, isReset: isReset))
            let failure = try FaultBench.source([proxy.url]).failedPull()
            #expect([.unreachable, .incomplete, .refused].contains(failure.kind), "\(length): \(failure.message)")
            #expect(!failure.hint.isEmpty)
            cuts += 1
        }
        Figures.note("cut requests: \(cuts) places in \(total) bytes of the client; none took a part for the whole")
    }

    @Test func stallEndsWithTheTimeout() throws {
        let total = try CutRequestsTests.total()
        for length in [0, 10, 40, total / 2, total - 5] {
            let proxy = try ByteProxy(to: try FaultBench.shared.get().port, fault: .stallRequests(after: length))
            let failure = try FaultBench.source([proxy.url]).failedPull()
            #expect(failure.kind == .unreachable, "\(length): \(failure.message)")
            #expect(failure.message.contains("timeouts."), "\(length): \(failure.message)")
        }
    }
}

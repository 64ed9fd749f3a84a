import DirectoryModel
import DirectorySources
import LDAPClient
import TestSupport
import Testing

/// After so many bytes nothing more comes, from either side, and the connection stays open: the waiting ends, and says why.
struct StallTests {
    private static let places = 64
    private static let timeouts = Timeouts(connect: .seconds(1), idle: .milliseconds(700), pull: .seconds(3))

    /// What a pull through a stall came to.
    private struct Ended: Sendable {
        var place: Int
        var failure: PullFailure?
        var seconds: Double
    }

    private func measure(_ mode: TLSSettings.Mode) throws -> (fromServer: Int, fromClient: Int) {
        let proxy = try FaultBench.proxy(.none, mode)
        let source = try FaultBench.source(proxy, mode)
        _ = try source.completePull()
        return (proxy.bytesFromServer, proxy.bytesFromClient)
    }

    private func stall(
        _ places: [Int], _ mode: TLSSettings.Mode, _ fault: @escaping @Sendable (Int) -> ByteProxy.Fault
    ) throws -> [Ended] {
        try Waiting.map(places) { place in
            let proxy = try FaultBench.proxy(fault(place), mode)
            let source = try FaultBench.source(proxy, timeouts: StallTests.timeouts, mode)
            let start = ContinuousClock.now
            let outcome = source.pull(PullRequest(), progress: { _ in })
            let seconds = (ContinuousClock.now - start) / .seconds(1)
            source.close()
            guard case .failed(let failure) = outcome else {
                return Ended(place: place, failure: nil, seconds: seconds)
            }
            return Ended(place: place, failure: failure, seconds: seconds)
        }
    }

    private func check(_ all: [Ended], of total: Int, from side: String) {
        for ended in all {
            let what: Comment = "\(side) after \(ended.place) of \(total): \(ended.failure?.message ?? "whole")"
            #expect(ended.failure?.kind == .unreachable, what)
            #expect(ended.failure?.message.contains("`timeouts.") == true, what)
            #expect(ended.failure?.hint.isEmpty == false, what)
            // The longest of the limits, and what a busy machine adds.
            #expect(ended.seconds < 3 + 4, "\(what), took \(ended.seconds) s")
        }
        Figures.note("stalls of the \(side): \(all.count) places in \(total) bytes; each ended within its limit")
    }

    /// Under TLS most places are inside a record that never ends: nothing waits for its rest beyond the limit.
    @Test(arguments: [TLSSettings.Mode.none, .ldaps, .starttls])
    func stallOfTheServerEndsWithItsLimit(mode: TLSSettings.Mode) throws {
        let total = try measure(mode).fromServer
        #expect(total > 2_000)
        let places = (0..<StallTests.places).map { $0 * total / StallTests.places }
        check(try stall(places, mode) { .stall(after: $0) }, of: total, from: "server (\(mode))")
    }

    @Test(arguments: [TLSSettings.Mode.none, .ldaps, .starttls])
    func stallOfTheClientEndsWithItsLimit(mode: TLSSettings.Mode) throws {
        // The last bytes are the goodbye, to which nobody waits for an answer.
        let total = try measure(mode).fromClient - ByteProxy.goodbye(underTLS: mode != .none)
        let places = (0..<StallTests.places).map { $0 * total / StallTests.places }
        check(try stall(places, mode) { .stallRequests(after: $0) }, of: total, from: "client (\(mode))")
    }
}

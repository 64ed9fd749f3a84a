import Glibc
import Reconciliation
import Testing

@testable import SyncAgent

/// Messages leave the outbox when they are acknowledged, and only then.
struct DeliveryTests {
    /// An outbox in memory, as the roster's is.
    private final class MemoryOutbox: Outbox {
        var stored: [OutboxMessage]

        init(_ users: [Int64]) {
            stored = users.enumerated().map { place, user in
                OutboxMessage(
                    number: Int64(place + 1), key: "desk/\(user)/\(place)", target: "desk", user: user,
                    label: "u\(user)@example.org", run: 1, queued: 0, body: Array("\(place + 1):\(user)".utf8))
            }
        }

        func due(at now: Int64, most: Int) -> [OutboxMessage] {
            var blocked: Set<Int64> = []
            var due: [OutboxMessage] = []
            for message in stored {
                if message.isDead || message.nextTry > now { blocked.insert(message.user) }
                if !blocked.contains(message.user) { due.append(message) }
            }
            return Array(due.prefix(most))
        }

        func messages() -> [OutboxMessage] { stored }

        func counts() -> (waiting: Int, dead: Int) { (stored.count { !$0.isDead }, stored.count { $0.isDead }) }

        func backlog() -> [OutboxBacklog] {
            let waiting = stored.filter { !$0.isDead }
            guard let oldest = waiting.map(\.queued).min() else { return [] }
            let suspensions = waiting.filter { $0.body.starts(with: Array("suspend".utf8)) }
            return [
                OutboxBacklog(
                    target: "desk", messages: waiting.count, oldest: oldest, suspensions: suspensions.count,
                    oldestSuspension: suspensions.map(\.queued).min())
            ]
        }

        /// Messages handed over to be written down, at each call.
        var settled: [Int] = []

        func settle(delivered: [Int64], failed: [OutboxFailure]) {
            settled.append(delivered.count + failed.count)
            stored.removeAll { delivered.contains($0.number) }
            for failure in failed {
                guard let place = stored.firstIndex(where: { $0.number == failure.number }) else { continue }
                stored[place].attempts = failure.attempts
                stored[place].nextTry = failure.nextTry
                stored[place].isDead = failure.isDead
                stored[place].problem = failure.problem
            }
        }

        func retry(_ message: Int64?) -> Int { 0 }

        func drop(_ message: Int64, recording run: RunRecord) { settle(delivered: [message], failed: []) }
    }

    /// Takes lines and remembers them; chokes on those of some users.
    private final class Receiver {
        var calls: [[String]] = []
        var taken: [String] = []
        var chokesOn: Set<String> = []

        func send(_ bytes: [UInt8]) -> String? {
            let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
            calls.append(lines)
            if lines.contains(where: { line in chokesOn.contains { line.hasSuffix(":\($0)") } }) { return "choked" }
            taken += lines
            return nil
        }
    }

    private func round(_ outbox: MemoryOutbox, _ receiver: Receiver, at now: Int64 = 1000) -> DeliveryReport {
        DeliveryRound(outbox: outbox, now: now, send: receiver.send).run()
    }

    @Test func oneCallTakesEverythingInOrder() {
        let (outbox, receiver) = (MemoryOutbox([1, 2, 1]), Receiver())
        #expect(round(outbox, receiver) == DeliveryReport(delivered: 3))
        #expect(receiver.calls == [["1:1", "2:2", "3:1"]])
        #expect(outbox.stored.isEmpty)
        #expect(round(outbox, receiver) == DeliveryReport())
    }

    @Test func oneBadMessageHoldsUpNobodyButItsUser() {
        let (outbox, receiver) = (MemoryOutbox([1, 2, 1, 3]), Receiver())
        receiver.chokesOn = ["1"]
        let report = round(outbox, receiver)
        #expect(report.delivered == 2)
        #expect(receiver.taken == ["2:2", "4:3"])
        #expect(report.failures.map(\.number) == [1])
        #expect(report.waiting == 2)
        #expect(!report.isQuiet && !report.isLoud)
        receiver.chokesOn = []
        #expect(round(outbox, receiver, at: 1001).delivered == 0)
        #expect(round(outbox, receiver, at: 1000 + 90).delivered == 2)
        #expect(receiver.taken == ["2:2", "4:3", "1:1", "3:1"])
    }

    @Test func aReceiverThatIsDownIsLeftAlone() {
        let (outbox, receiver) = (MemoryOutbox(Array(1...100)), Receiver())
        receiver.chokesOn = Set((1...100).map(String.init))
        let report = round(outbox, receiver)
        #expect(receiver.calls.count == 4)
        #expect(report.failures.count == 3)
        #expect(outbox.stored.count { $0.attempts > 0 } == 3)
    }

    @Test func aMessageIsGivenUpAndStaysLoud() {
        let (outbox, receiver) = (MemoryOutbox([1, 1]), Receiver())
        receiver.chokesOn = ["1"]
        var now: Int64 = 0
        for attempt in 1...DeliveryPace.mostAttempts {
            let report = round(outbox, receiver, at: now)
            #expect(report.dead == (attempt == DeliveryPace.mostAttempts ? 1 : 0))
            #expect(report.isLoud == (report.dead > 0 || now >= 6 * 3600))
            now += 9 * 3600
        }
        receiver.chokesOn = []
        let later = round(outbox, receiver, at: now)
        #expect(later.delivered == 0 && later.waiting == 1 && later.dead == 1)
        #expect(receiver.taken.isEmpty)
    }

    @Test func aPlatformThatHangsInTheMiddleIsLeftAlone() {
        let (outbox, receiver) = (MemoryOutbox(Array(1...100)), Receiver())
        receiver.chokesOn = Set((2...100).map(String.init))
        let report = round(outbox, receiver)
        #expect(report.delivered == 1)
        #expect(report.failures.count == 10)
        #expect(receiver.calls.count == 12)
    }

    @Test func whatIsDeliveredOneByOneIsWrittenDownAsItGoes() {
        let (outbox, receiver) = (MemoryOutbox(Array(1...100)), Receiver())
        receiver.chokesOn = ["100"]
        #expect(round(outbox, receiver).delivered == 99)
        #expect((outbox.settled.max() ?? 0) <= 26)
        #expect(outbox.settled.count >= 4)
    }

    @Test func aRoundEndsWhenItsTimeIsUp() {
        let (outbox, receiver) = (MemoryOutbox(Array(1...100)), Receiver())
        receiver.chokesOn = ["50"]
        let report = DeliveryRound(
            outbox: outbox, now: 1000, elapsed: { Int64(receiver.calls.count) * 60 }, send: receiver.send
        ).run()
        #expect(report.isCut && !report.isQuiet)
        #expect(receiver.calls.count == 10)
        #expect(report.delivered == 9)
        #expect(report.waiting == 91)
    }

    @Test func aSuspensionThatIsNotDeliveredIsLoudAtOnce() {
        let (outbox, receiver) = (MemoryOutbox([1, 2]), Receiver())
        outbox.stored[0].body = Array("suspend:1".utf8)
        receiver.chokesOn = ["1"]
        let report = round(outbox, receiver, at: 60)
        #expect(report.isLoud)
        #expect(report.late.map(\.suspensions) == [1])
    }

    @Test func aMessageIsLoudOnceItWaitsForSixHours() {
        let (outbox, receiver) = (MemoryOutbox([1]), Receiver())
        receiver.chokesOn = ["1"]
        #expect(!round(outbox, receiver, at: 6 * 3600 - 1).isLoud)
        #expect(round(outbox, receiver, at: 6 * 3600).isLoud)
    }

    @Test(
        arguments: [
            (ChildProcess.Ending.exit(0), nil), (.exit(3), "it ended with exit code 3"),
            (.signal(9), "it was ended by signal 9"),
            (.untold, "it ended, and the system does not tell how: SIGCHLD is ignored"),
        ] as [(ChildProcess.Ending, String?)])
    func howAProgramEndedIsSaid(ending: ChildProcess.Ending, words: String?) { #expect(ending.words("it") == words) }

    @Test func waitsDoubleUpToSixHoursAndAQuarterMore() {
        for attempts in 1...20 {
            let least = min(Int64(60) << Int64(attempts - 1), 6 * 3600)
            for key in ["a", "b", "desk/1/2@3"] {
                let delay = DeliveryPace.delay(after: attempts, key: key)
                #expect((least...(least + least / 4)).contains(delay))
                #expect(DeliveryPace.delay(after: attempts, key: key) == delay)
            }
        }
        #expect(Set((0..<20).map { DeliveryPace.delay(after: 10, key: "k\($0)") }).count > 10)
    }

    @Test func aProgramTakesItsInputOrNot() throws {
        let directory = try TemporaryDirectory()
        func program(_ text: String) throws -> String {
            let path = try directory.write("program.sh", "#!/bin/sh\n" + text)
            #expect(chmod(path, 0o700) == 0)
            return path
        }
        let lines = [UInt8](repeating: 0x61, count: 300_000) + [0x0A]
        let out = directory.path("out")
        let good = DeliveryCommand(arguments: [try program("cat > \"$1\"\n"), out])
        #expect(good.send(lines) == nil)
        #expect(try InputFile.bytes(out) == lines)
        #expect(
            DeliveryCommand(arguments: [try program("exit 3\n")]).send(lines)
                == "the program ended with exit code 3")
        // Much or little, soon or late: what nobody read is not acknowledged.
        let few = Array("one\ntwo\n".utf8)
        for (text, bytes) in [
            ("exit 0\n", lines), ("exit 0\n", few), ("sleep 0.1\n", few), ("sleep 0.1\n", lines), ("read line\n", few),
        ] {
            let partly = DeliveryCommand(arguments: [try program(text)])
            #expect(partly.send(bytes) == "it did not read all of its input")
        }
        #expect(DeliveryCommand(arguments: [try program("exit 0\n")]).send([]) == nil)
        #expect(
            DeliveryCommand(arguments: [try program("kill -9 $$\n")]).send([]) == "the program was ended by signal 9")
        #expect(
            DeliveryCommand(arguments: ["/nowhere/to/be/found"]).send([])
                == "cannot run `/nowhere/to/be/found`: no such file or directory")
        let slow = DeliveryCommand(arguments: [try program("sleep 60\n")], seconds: 1)
        #expect(slow.send(lines) == "the program was ended by signal 9")
    }
}

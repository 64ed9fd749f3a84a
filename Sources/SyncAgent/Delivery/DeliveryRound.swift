import Reconciliation

/// Sends what waits in the outbox: at least once, each user's messages in order.
///
/// A whole batch is acknowledged by exit code 0.  Otherwise its messages are sent one by one, so that a single one that the
/// receiver chokes on holds up nobody else; when several fail in a row, the receiver is down, and the rest waits untried.
struct DeliveryRound {
    let outbox: any Outbox
    let now: Int64
    /// Most seconds for this round.
    var longest = DeliveryRound.longest
    /// Seconds since the round began.
    var elapsed: () -> Int64 = { 0 }
    /// Hands lines to the receiver; nil for success, else what went wrong.
    let send: ([UInt8]) -> String?

    /// Most seconds for a round: what is left is the next one's.
    static let longest: Int64 = 600
    /// So many waiting messages at most are looked through for the next time.
    static let lookedThrough = 5_000
    /// Messages handed over at once.
    private static let batch = 500
    /// Messages handed over one by one before that is written down: so many come twice when the agent is killed.
    private static let settled = 25
    /// So many failures in a row, and none delivered before, mean that the receiver is down.
    private static let patience = 3
    /// The same where some were delivered.
    private static let longPatience = 10

    func run() -> DeliveryReport {
        var report = DeliveryReport()
        do {
            while try step(&report) {}
            (report.waiting, report.dead) = try outbox.counts()
            if report.waiting > 0 {
                report.late = try outbox.backlog().filter { $0.isLate(at: now) }
                if report.waiting <= DeliveryRound.lookedThrough {
                    report.nextTry = try outbox.messages().filter { !$0.isDead && $0.nextTry > now }.map(\.nextTry)
                        .min()
                }
            }
        } catch {
            report.problem = "the outbox cannot be read or written"
        }
        return report
    }

    /// When the first of these may be sent; those behind another of their user's, or behind a dead letter, wait for it.
    static func nextTry(of messages: [OutboxMessage]) -> Int64? {
        var seen: Set<[String]> = []
        return messages.filter { seen.insert([$0.target, String($0.user)]).inserted && !$0.isDead }.map(\.nextTry).min()
    }

    /// One batch; false when there is nothing more to do.
    private func step(_ report: inout DeliveryReport) throws -> Bool {
        let batch = try outbox.due(at: now, most: DeliveryRound.batch)
        if batch.isEmpty { return false }
        if elapsed() >= longest {
            report.isCut = true
            return false
        }
        guard let problem = send(DeliveryRound.lines(batch)) else {
            try outbox.settle(delivered: batch.map(\.number), failed: [])
            report.delivered += batch.count
            return true
        }
        return try single(batch, problem, &report)
    }

    private func single(_ batch: [OutboxMessage], _ problem: String, _ report: inout DeliveryReport) throws -> Bool {
        var delivered: [Int64] = []
        var held: Set<Int64> = []
        var hasDelivered = false
        var failuresInRow = 0
        for message in batch where !held.contains(message.user) {
            report.isCut = elapsed() >= longest
            let patience = hasDelivered ? DeliveryRound.longPatience : DeliveryRound.patience
            if report.isCut || failuresInRow >= patience { break }
            if let found = batch.count == 1 ? problem : send(DeliveryRound.lines([message])) {
                failuresInRow += 1
                held.insert(message.user)
                try settle(&delivered, DeliveryPace.failure(of: message, problem: found, now: now), message, &report)
            } else {
                failuresInRow = 0
                hasDelivered = true
                delivered.append(message.number)
                if delivered.count >= DeliveryRound.settled { try settle(&delivered, &report) }
            }
        }
        try settle(&delivered, &report)
        return !report.isCut && failuresInRow < (hasDelivered ? DeliveryRound.longPatience : DeliveryRound.patience)
    }

    /// Writes down what was delivered, and one failure.
    private func settle(
        _ delivered: inout [Int64], _ failure: OutboxFailure, _ message: OutboxMessage, _ report: inout DeliveryReport
    ) throws {
        try outbox.settle(delivered: delivered, failed: [failure])
        report.delivered += delivered.count
        delivered = []
        report.failures.append(
            DeliveryReport.Failure(
                number: message.number, label: message.label, isDead: failure.isDead, problem: failure.problem))
    }

    private func settle(_ delivered: inout [Int64], _ report: inout DeliveryReport) throws {
        if delivered.isEmpty { return }
        try outbox.settle(delivered: delivered, failed: [])
        report.delivered += delivered.count
        delivered = []
    }

    private static func lines(_ messages: [OutboxMessage]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(messages.reduce(0) { $0 + $1.body.count + 1 })
        for message in messages {
            bytes += message.body
            bytes.append(0x0A)
        }
        return bytes
    }
}

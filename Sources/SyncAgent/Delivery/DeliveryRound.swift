import Reconciliation

/// Sends what waits in the outbox: at least once, each user's messages in order.
///
/// A whole batch is acknowledged by exit status 0.  Otherwise its messages are sent one by one, so that a single one that the
/// receiver chokes on holds up nobody else; when the first few all fail, the receiver is down, and the rest waits untried.
struct DeliveryRound {
    let outbox: any Outbox
    let now: Int64
    /// Hands lines to the receiver; nil for success, else what went wrong.
    let send: ([UInt8]) -> String?

    /// Messages handed over at once.
    private static let batch = 500
    /// So many failures in a row, and none delivered, mean that the receiver is down.
    private static let patience = 3

    func run() -> DeliveryReport {
        var report = DeliveryReport()
        do {
            while try step(&report) {}
            (report.waiting, report.dead) = try outbox.counts()
        } catch {
            report.problem = "the outbox cannot be read or written"
        }
        return report
    }

    /// One batch; false when there is nothing more to do.
    private func step(_ report: inout DeliveryReport) throws -> Bool {
        let batch = try outbox.due(at: now, most: DeliveryRound.batch)
        if batch.isEmpty { return false }
        guard let problem = send(DeliveryRound.lines(batch)) else {
            try outbox.settle(delivered: batch.map(\.number), failed: [])
            report.delivered += batch.count
            return true
        }
        return try single(batch, problem, &report)
    }

    private func single(_ batch: [OutboxMessage], _ problem: String, _ report: inout DeliveryReport) throws -> Bool {
        var delivered: [Int64] = []
        var failed: [OutboxFailure] = []
        var held: Set<Int64> = []
        var isDown = false
        for message in batch where !held.contains(message.user) {
            let found = batch.count == 1 ? problem : send(DeliveryRound.lines([message]))
            guard let found else {
                delivered.append(message.number)
                continue
            }
            let failure = DeliveryPace.failure(of: message, problem: found, now: now)
            failed.append(failure)
            held.insert(message.user)
            report.failures.append(
                DeliveryReport.Failure(
                    number: message.number, label: message.label, isDead: failure.isDead, problem: found))
            isDown = delivered.isEmpty && failed.count >= DeliveryRound.patience
            if isDown { break }
        }
        try outbox.settle(delivered: delivered, failed: failed)
        report.delivered += delivered.count
        return !isDown
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

import Glibc
package import Reconciliation

extension Agent {
    /// Sends what waits in the outbox.
    package func deliver() throws(AgentFailure) -> DeliveryReport {
        let configuration = try deliveringConfiguration()
        return try writing(configuration, command: "deliver") { _ in
        } afterwards: { _, desk throws in
            try round(desk, RunLock.acquire(in: desk.state, holder: holder("deliver"), name: RunLock.deliveryName))
        }
    }

    /// Sends what is due, for as long as a minute: somebody else waits meanwhile.
    ///
    /// Returns how many messages got through.
    func deliverDue(_ configuration: AgentConfiguration) throws(AgentFailure) -> Int {
        try writing(configuration, command: "deliver") { _ in
        } afterwards: { _, desk throws in
            guard let lock = try deliveryLock(desk) else { return 0 }
            let report = try round(desk, lock, longest: 60)
            ports.delivered(report)
            return report.delivered
        }
    }

    /// When the next of what waits may be sent; nil where nothing waits, or nobody can tell.
    func nextDelivery(_ configuration: AgentConfiguration) -> Int64? {
        guard !RunTraces(configuration).isNew else { return nil }
        let location = RosterLocation(
            path: configuration.rosterPath, access: .reading, readers: configuration.readers)
        guard let roster = try? ports.openRoster(location) else { return nil }
        defer { roster.close() }
        guard let outbox = roster.outbox, let waiting = try? outbox.counts().waiting, waiting > 0 else { return nil }
        let now = context.clock()
        if let due = try? outbox.due(at: now, most: 1), !due.isEmpty { return now }
        // A long list is not looked through, only tried again.
        guard waiting <= DeliveryRound.lookedThrough, let messages = try? outbox.messages() else { return now + 300 }
        return DeliveryRound.nextTry(of: messages)
    }

    /// Everything that waits, dead letters too.
    package func outbox() throws(AgentFailure) -> [OutboxMessage] {
        let configuration = try configuration()
        return try translating { () throws -> [OutboxMessage] in
            try RunTraces(configuration).checkRosterFile()
            let roster = try ports.openRoster(
                RosterLocation(path: configuration.rosterPath, access: .reading, readers: configuration.readers))
            defer { roster.close() }
            return try roster.outbox?.messages() ?? []
        }
    }

    /// Lets messages be sent again at once; nil is all that failed.
    ///
    /// Returns how many.
    package func retryOutbox(_ message: Int64?) throws(AgentFailure) -> Int {
        let configuration = try deliveringConfiguration()
        return try writing(configuration, command: "outbox", delivers: false) { desk throws in
            let count = try desk.roster.outbox?.retry(message) ?? 0
            if let message, count == 0 {
                throw AgentFailure(
                    .failed, "no failed message has the number \(message)", hint: "`rollcall outbox` lists them")
            }
            return count
        }
    }

    /// Takes a message out undelivered, with a reason that is recorded as a run of its own.
    package func dropMessage(_ number: Int64, reason: String) throws(AgentFailure) -> OutboxMessage {
        guard reason.contains(where: { !$0.isWhitespace }) else {
            throw AgentFailure(.usage, "dropping a message needs a reason", hint: "say why with `--reason`")
        }
        let configuration = try configuration()
        return try writing(configuration, command: "outbox", delivers: false) { desk throws in
            guard let outbox = desk.roster.outbox,
                let message = try outbox.messages().first(where: { $0.number == number })
            else {
                throw AgentFailure(
                    .failed, "no message has the number \(number)", hint: "`rollcall outbox` lists them")
            }
            let now = context.clock()
            let roster = try desk.load([])
            try RunClock.check(now, against: roster)
            try outbox.drop(
                number,
                recording: RunRecord(
                    number: roster.lastRun + 1, command: "outbox", actor: context.actor, started: now,
                    ended: max(now, context.clock()), outcome: .applied, exitStatus: 0,
                    summary: "message \(number) (\(message.key)) was dropped by \(context.actor): \(reason)",
                    version: context.version, targets: []))
            if let head = try desk.roster.chain.head() { try Witness.write(head, in: desk.state) }
            return message
        }
    }

    private func deliveringConfiguration() throws(AgentFailure) -> AgentConfiguration {
        let configuration = try configuration()
        guard configuration.deliver != nil else {
            throw AgentFailure(
                .badConfiguration, "no program is configured that messages could be delivered to",
                hint: "name it under `deliver: {command: […]}`")
        }
        return configuration
    }

    /// Delivers after a command that wrote; what goes wrong here does not undo it.
    ///
    /// Where another command is delivering, it takes these messages, too.
    func deliver(after desk: WritingDesk) {
        guard desk.configuration.deliver != nil, desk.roster.outbox != nil else { return }
        do {
            guard let lock = try deliveryLock(desk) else { return }
            ports.delivered(try round(desk, lock))
        } catch {
            ports.delivered(DeliveryReport(problem: failure(of: error).message))
        }
    }

    /// Waits a moment for one who is just ending and may not see what came in last; nil where another goes on delivering.
    private func deliveryLock(_ desk: WritingDesk) throws(AgentFailure) -> RunLock? {
        for _ in 0..<10 {
            do {
                return try RunLock.acquire(in: desk.state, holder: holder("deliver"), name: RunLock.deliveryName)
            } catch {
                guard error.status == .locked else { throw error }
                usleep(100_000)
            }
        }
        return nil
    }

    private func round(
        _ desk: WritingDesk, _ lock: RunLock, longest: Int64 = DeliveryRound.longest
    ) throws -> DeliveryReport {
        guard let arguments = desk.configuration.deliver, let outbox = desk.roster.outbox else {
            return DeliveryReport()
        }
        let began = ChildProcess.milliseconds()
        let elapsed = { (ChildProcess.milliseconds() - began) / 1000 }
        return withExtendedLifetime(lock) {
            DeliveryRound(outbox: outbox, now: context.clock(), longest: longest, elapsed: elapsed) { bytes in
                var program = DeliveryCommand(arguments: arguments, alive: ports.alive)
                program.seconds = min(program.seconds, max(longest - elapsed(), 1))
                return program.send(bytes)
            }.run()
        }
    }
}

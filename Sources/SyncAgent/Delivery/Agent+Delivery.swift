import Glibc
package import Reconciliation

extension Agent {
    /// Sends what waits in the outbox.
    package func deliver() throws(AgentFailure) -> DeliveryReport {
        let configuration = try deliveringConfiguration()
        return try writing(configuration, command: "deliver", delivers: false) { desk throws in
            try round(configuration, desk.roster.outbox)
        }
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
    func deliver(after configuration: AgentConfiguration, _ outbox: (any Outbox)?) {
        guard configuration.deliver != nil, let outbox else { return }
        ports.delivered((try? round(configuration, outbox)) ?? DeliveryReport(problem: "the outbox cannot be read"))
    }

    private func round(_ configuration: AgentConfiguration, _ outbox: (any Outbox)?) throws -> DeliveryReport {
        guard let command = configuration.deliver, let outbox else { return DeliveryReport() }
        let program = DeliveryCommand(arguments: command)
        return DeliveryRound(outbox: outbox, now: context.clock(), send: program.send).run()
    }
}

package import Reconciliation

extension Agent {
    /// Goes on from the roster as it is, although it was edited or went backwards; the record says who did so and why.
    package func acceptRoster(reason: String) throws(AgentFailure) -> RunRecord {
        guard reason.contains(where: { !$0.isWhitespace }) else {
            throw AgentFailure(.usage, "accepting a roster needs a reason", hint: "say why with `--reason`")
        }
        let configuration = try decidingFiles().configuration
        return try writing(configuration, command: "audit accept", checksWitness: false) { desk throws in
            let head = try desk.roster.chain.head()
            // Greater than the number of any run that anything tells of, so that no report of one is written over.
            let known = [
                head?.run, try Witness.read(in: configuration.state)?.run,
                try RunTraces(configuration).newestReport(),
            ]
            let now = context.clock()
            let facts = RunOutcome.Facts(
                number: (known.compactMap(\.self).max() ?? 0) + 1, command: "audit accept", actor: context.actor,
                started: now, ended: max(now, context.clock()), version: context.version)
            var record = RunOutcome([], facts).record
            record.summary = "the roster was accepted as it is: \(reason)"
            if let head { try Witness.announce(accepting: head, in: desk.state) }
            try desk.roster.chain.accept(record)
            if let head = try desk.roster.chain.head() { try Witness.write(head, in: desk.state) }
            return record
        }
    }

    /// Replaces emails and names of users who were removed before a time by pseudonyms; how many.
    package func pseudonymize(removedBefore time: Int64) throws(AgentFailure) -> Int {
        try checkIsOver(time)
        let configuration = try decidingFiles().configuration
        return try writing(configuration, command: "audit pseudonymize") { desk throws in
            let now = context.clock()
            let roster = try desk.load(configuration.targets.map(\.name))
            try RunClock.check(now, against: roster)
            let facts = RunOutcome.Facts(
                number: roster.lastRun + 1, command: "audit pseudonymize", actor: context.actor, started: now,
                ended: max(now, context.clock()), version: context.version)
            var record = RunOutcome([], facts).record
            record.summary = "emails and names of users removed before \(TimeText.text(time)) replaced by pseudonyms"
            let count = try desk.roster.chain.pseudonymize(time, record)
            if let head = try desk.roster.chain.head() { try Witness.write(head, in: desk.state) }
            return count
        }
    }

    /// A slip of the pen in the year must not make the roster forget everybody: there is no way back.
    private func checkIsOver(_ time: Int64) throws(AgentFailure) {
        guard time > context.clock() else { return }
        throw AgentFailure(
            .usage, "\(TimeText.text(time)) is yet to come", hint: "name a day or a time that is over, in UTC")
    }

    /// How many users `pseudonymize` would change; writes nothing.
    package func countRemoved(before time: Int64) throws(AgentFailure) -> Int {
        try checkIsOver(time)
        let configuration = try decidingFiles().configuration
        return try translating { () throws -> Int in
            try RunTraces(configuration).checkRosterFile()
            let roster = try ports.openRoster(
                RosterLocation(path: configuration.rosterPath, access: .reading, readers: configuration.readers))
            defer { roster.close() }
            try Witness.check(roster.chain, in: configuration.state)
            return try roster.chain.countRemoved(time)
        }
    }

    /// What a file outside the roster says about its last run; throws where the roster does not continue it.
    package func checkWitness(_ configuration: AgentConfiguration, _ chain: RosterChain) throws(AgentFailure) {
        try translating { try Witness.check(chain, in: configuration.state) }
    }
}

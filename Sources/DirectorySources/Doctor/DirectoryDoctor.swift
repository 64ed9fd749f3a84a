package import DirectoryModel
internal import LDAPClient

/// Tries everything about one directory in turn: asks, and leaves what it means to `StepJudgement`.
///
/// It changes nothing: only binds, searches and the question who we are go out. Every wait has its time limit, an account is bound once,
/// and a connection that breaks is made anew only a few times. A step that cannot be tried because of another says so.
package final class DirectoryDoctor {
    let request: ExaminationRequest
    /// When the examination began, for the time that it takes.
    let begun = ContinuousClock.now
    /// When everything has to be done.
    let deadline: ContinuousClock.Instant
    var connection: LDAPConnection?
    /// Servers that are left to try, after each of the first steps.
    var servers: [LDAPURL] = []
    /// The server that the bind went to.
    var server: LDAPURL?
    /// Who the server takes us for, as it says; empty where it does not.
    var identity = ""
    var detected: DetectedServer?
    /// How the directory is read: as configured, or as guessed.
    var source: SourceSettings?
    var pull: Pull?
    /// A few people, for questions about single entries.
    var sample: [String] = []
    var proposal: DirectoryProposal?
    /// What the step at hand has asked so far.
    private var reads: [ExaminedRead] = []
    private var steps: [ExaminedStep] = []
    private var stopped: [ExaminationStep: ExaminationStep] = [:]
    private var reconnects = 0

    /// How often a connection is made again after one was lost.
    private static let mostReconnects = 3

    package init(_ request: ExaminationRequest) {
        self.request = request
        deadline = ContinuousClock.now.advanced(by: request.connection.timeouts.pull)
        source = request.source
    }

    /// Tries each step up to one; `progress` is told which one begins.
    package func examine(
        through last: ExaminationStep = .rights, progress: (ExaminationStep) -> Void = { _ in }
    ) -> Examination {
        for step in ExaminationStep.allCases {
            progress(step)
            take(step)
            if step == last { break }
        }
        connection = nil
        let url = server ?? servers.first ?? request.urls.first
        return Examination(
            directory: request.name, server: server?.description ?? "", time: request.now, steps: steps,
            access: request.access(url?.description ?? ""), proposal: proposal)
    }

    private func take(_ step: ExaminationStep) {
        reads = []
        if let needed = step.needs, let root = stopped[needed] {
            stopped[step] = root
            steps.append(ExaminedStep(step, skippedBecause: root))
            return
        }
        do throws(StepStop) {
            let facts = try ask(step)
            let ailments = StepJudgement.ailments(facts, at: request.now)
            steps.append(ExaminedStep(step, facts: facts, ailments: ailments, reads: reads))
        } catch {
            stopped[step] = step
            let own = error.ailment ?? .failed(error.cause, error.failure)
            let ailments = error.facts.map { StepJudgement.ailments($0, at: request.now) } ?? []
            steps.append(
                ExaminedStep(
                    step, facts: error.facts, ailments: ailments.contains(own) ? ailments : [own] + ailments,
                    reads: reads))
        }
    }

    private func ask(_ step: ExaminationStep) throws(StepStop) -> StepFacts {
        switch step {
        case .name: .name(try findNames())
        case .connection: .connection(try connectToAll())
        case .tls: .tls(try shakeHands())
        case .bind: .bind(try bind())
        case .identity: .identity(try askIdentity())
        case .server: .server(try detectServer())
        case .bases: .bases(try findBases())
        case .limits: .limits(try findLimits())
        case .reading: .reading(try readAll())
        case .people: .people(try pulled { PeopleFacts($0.mirror, filter: $1.peopleFilter.text) })
        case .groups: .groups(try findGroups())
        case .accounts: .accounts(try pulled { AccountFacts($0.mirror, $1) })
        case .ranges: .ranges(try findRanges())
        case .changes: .changes(try findChanges())
        case .deleted: .deleted(try findDeleted())
        case .clock: .clock(try compareClocks())
        case .replica: .replica(try findStamps())
        case .rights: .rights(try findRights())
        }
    }

    // MARK: Asking

    /// The connection, or a new one where it was lost; an account that was taken once is taken again.
    func connected() throws(StepStop) -> LDAPConnection {
        if let connection { return connection }
        guard let server, request.account.isAccepted, reconnects < DirectoryDoctor.mostReconnects else {
            throw stop(LDAPError(.disconnected, server: self.server?.description ?? request.name))
        }
        reconnects += 1
        let account = request.account
        let made = try attempt { () throws(LDAPError) in
            let made = try LDAPConnection(to: server, settings: request.connection, deadline: deadline)
            try made.bind(account)
            return made
        }
        connection = made
        return made
    }

    /// Does something on the connection; after an error by which it is of no further use it is let go.
    func attempt<Result>(_ body: () throws(LDAPError) -> Result) throws(StepStop) -> Result {
        do throws(LDAPError) { return try body() } catch {
            if case .failed = error.problem {} else { connection = nil }
            throw stop(error)
        }
    }

    func stop(_ error: LDAPError) -> StepStop {
        StepStop(cause: FailureCause(error), failure: naming.failure(error))
    }

    func stop(_ kind: PullFailure.Kind, _ message: String, _ hint: String) -> StepStop {
        let failure = PullFailure(kind: kind, directory: request.name, message: message, hint: hint)
        return StepStop(cause: FailureCause(failure), failure: failure)
    }

    /// Runs a search, whatever the code it ends with; noted for the report.
    func search(
        _ search: SearchRequest, extensions: [String] = [],
        _ each: (borrowing EntryView) throws(BERFault) -> Void = { _ in }
    ) throws(StepStop) -> SearchEnd {
        note(search, extensions: extensions)
        let connection = try connected()
        return try attempt { () throws(LDAPError) in try connection.search(search, each) }
    }

    /// One entry, whatever kept it from being seen: nil.
    func entry(_ base: String, _ attributes: [String]) throws(StepStop) -> EntryCopy? {
        var found: EntryCopy?
        let end = try search(SearchRequest(base: base, scope: .base, attributes: attributes)) {
            (entry) throws(BERFault) in found = try EntryCopy(entry)
        }
        return end.code == 0 ? found : nil
    }

    func note(_ read: ExaminedRead) { if !reads.contains(read) { reads.append(read) } }

    func note(_ search: SearchRequest, extensions: [String] = []) {
        let scope: ExaminedRead.Scope =
            switch search.scope {
            case .base: .base
            case .oneLevel: .one
            case .subtree: .sub
            }
        let pages = search.pageSize.map { ["!pr=\($0)/noprompt"] } ?? []
        note(
            ExaminedRead(
                base: search.base, scope: scope, filter: search.filter.text, attributes: search.attributes,
                extensions: pages + extensions, typesOnly: search.typesOnly, sizeLimit: search.sizeLimit))
    }

    /// What was pulled, with how.
    func pulled<Facts>(_ make: (Pull, SourceSettings) -> Facts) throws(StepStop) -> Facts {
        guard let pull, let source else { throw stop(.incomplete, "nothing was read", "look at the steps before") }
        return make(pull, source)
    }

    /// Settings that have the directory's name, for the words of failures.
    private var naming: SourceSettings {
        source
            ?? SourceSettings(name: request.name, people: BranchSettings(bases: []), groups: BranchSettings(bases: []))
    }
}

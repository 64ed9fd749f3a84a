import Diagnostics
import Reconciliation

/// The same as `sync` on a clock, and between the runs an eye on the directories.
///
/// One thread does everything, one thing after the other; what it does next, `DaemonState` decides. So a sign of life is one: it comes from the
/// very loop that does the work.
package final class Daemon {
    let agent: Agent
    let ports: DaemonPorts
    var held: HeldFiles
    var state: DaemonState
    var followed: [WatchedDirectory] = []
    private var status = ""
    private var lastSign: Int64 = 0

    /// Without `schedule` in the configuration the documented defaults go.
    package init(_ agent: Agent, ports: DaemonPorts) throws(AgentFailure) {
        self.agent = agent
        self.ports = ports
        let held = try HeldFiles(agent)
        self.held = held
        let schedule = try RunSchedule(held.files.configuration.schedule ?? .standard, seed: ports.seed)
        let now = agent.context.clock()
        state = DaemonState(schedule, last: Daemon.lastRun(agent, held.files), now: now)
    }

    var files: AgentFiles { held.files }

    /// Works until it is asked to stop; throws where another daemon is at work.
    package func run() throws(AgentFailure) {
        let directory = try StateDirectory.open(files.configuration.state)
        let lock = try RunLock.acquire(in: directory, holder: agent.holder("daemon"), name: RunLock.daemonName)
        defer { lock.release() }
        tellBeginning()
        beginFollowing()
        awaitDelivery()
        ports.notify(.ready)
        while true {
            showLife()
            takeRequests()
            switch state.next(now: agent.context.clock()) {
            case .stop:
                ports.notify(.stopping)
                stopFollowing()
                log(.notice, "stopped")
                return
            case .reload: reload()
            case .run(let occasion): run(occasion)
            case .deliver: deliver()
            case .wait: pass()
            }
        }
    }

    // MARK: The world

    func log(_ weight: DaemonLine.Weight, _ text: String) { ports.log(DaemonLine(weight, text)) }

    /// Takes up what is asked, each reload once, wherever somebody looks; whether it is to stop.
    @discardableResult
    private func takeRequests() -> Bool {
        let requests = ports.requests()
        if requests.stop { state.askToStop() }
        if requests.reload { state.askToReload() }
        return requests.stop
    }

    var isAskedToStop: Bool { takeRequests() }

    /// A sign of life, not more often than needed; called from the loop, and from within a run as it gets on.
    package func showLife() {
        guard let watchdog = ports.watchdog else { return }
        let now = ports.milliseconds()
        guard now - lastSign >= watchdog.components.seconds * 1000 / 4 else { return }
        lastSign = now
        ports.notify(.alive)
    }

    func showStatus() {
        let next =
            state.nextDue(after: agent.context.clock()).map { "next run \(TimeText.text($0))" } ?? "no run is due"
        let names = followed.filter(\.isFollowing).map(\.name)
        let text = names.isEmpty ? next : "\(next); following \(names.joined(separator: ", "))"
        guard text != status else { return }
        status = text
        ports.notify(.status(text))
    }

    /// Nothing is due: what the directories tell is taken in, or time passes.
    private func pass() {
        showStatus()
        if follow() { return }
        var longest = Duration.seconds(5)
        if let watchdog = ports.watchdog { longest = min(longest, watchdog / 4) }
        ports.wait(longest)
    }

    // MARK: Beginning

    private func tellBeginning() {
        let now = agent.context.clock()
        for diagnostic in files.diagnostics.sorted { log(.warning, diagnostic.message) }
        let next = state.nextDue(after: now).map { TimeText.text($0) } ?? "never"
        log(
            .notice,
            "started: \(files.targets.count) \(files.targets.count == 1 ? "target" : "targets"), next run \(next)")
        if (try? RunTraces(files.configuration).checkRosterFile()) != nil, RunTraces(files.configuration).isNew {
            log(
                .warning,
                "there is no roster yet: run `rollcall sync` once on a terminal, since a first run of a managed target is "
                    + "not made without somebody watching")
        }
    }

    /// When the last run over all targets that read everything started; nil where there is none, or the roster cannot tell.
    ///
    /// One that read only what changed settles no slot: the night's proof that nobody is missed is a whole reading.
    static func lastRun(_ agent: Agent, _ files: AgentFiles) -> Int64? {
        let configuration = files.configuration
        guard !RunTraces(configuration).isNew else { return nil }
        let location = RosterLocation(
            path: configuration.rosterPath, access: .reading, readers: configuration.readers)
        guard let roster = try? agent.ports.openRoster(location) else { return nil }
        defer { roster.close() }
        let names = Set(files.targets.map(\.settings.name))
        let runs = (try? roster.recentRuns(100)) ?? []
        return runs.first { $0.settlesSlot(of: names) }?.started
    }

    // MARK: Runs

    private func run(_ occasion: DaemonState.Occasion) {
        // Somebody may have run it by hand, or from cron.
        if let last = Daemon.lastRun(agent, files) { state.saw(runStartedAt: last) }
        guard case .run(let occasion) = state.next(now: agent.context.clock()) else { return }
        if occasion == .between, RunTraces(files.configuration).isNew {
            // The first night is a human's, and nothing can have changed since.
            let now = agent.context.clock()
            state.endedChanges(.settled, started: now, now: now)
            return
        }
        if occasion.beginsSlot { ports.forgetRefusals() }
        if occasion.reading == .changes, state.isRefused, isRefusedEverywhere {
            let now = agent.context.clock()
            state.endedChanges(.refused, started: now, now: now)
            return
        }
        log(occasion == .between ? .note : .notice, occasion.words)
        ports.notify(.status("running: \(occasion.words)"))
        status = ""
        let plan = held.forRun(agent)
        if let note = plan.note { log(.warning, note) }
        let started = agent.context.clock()
        let ending = ending(of: plan.files, reading: occasion.reading)
        if occasion.reading == .everything {
            state.ended(ending, started: started, now: agent.context.clock())
        } else {
            state.endedChanges(ending, started: started, now: agent.context.clock())
        }
        awaitDelivery()
        tellNext(ending)
        if ending != .busy { continueFollowing() }
    }

    /// Whether a run would ask nobody: every secret, as it is now, was refused.
    private var isRefusedEverywhere: Bool {
        let secrets = agent.context.secrets(files.configuration)
        return files.configuration.directories.allSatisfy { ports.isRefused($0, secrets) }
    }

    private func ending(of files: AgentFiles, reading: RunRequest.Reading) -> DaemonState.Ending {
        do throws(AgentFailure) {
            let request = RunRequest(isUnattended: true, reading: reading)
            let result = try agent.sync(request, files: files, isBrokenOff: { [self] in isAskedToStop }) { [self] _ in
                !isAskedToStop
            }
            guard result.ending == .applied else {
                log(.notice, "stopped before anything was written")
                return .settled
            }
            ports.finished(result)
            log(.notice, "run \(result.record.number): \(result.record.summary)")
            reopenFollowers(of: Set(files.configuration.directories.map(\.name)).subtracting(result.unread.keys))
            return DaemonState.Ending(result)
        } catch {
            if isAskedToStop {
                log(.notice, "the run was broken off before anything was written")
                return .settled
            }
            if error.status == .locked {
                log(.note, error.message)
                return .busy
            }
            ports.failed(error)
            return DaemonState.Ending(error)
        }
    }

    private func tellNext(_ ending: DaemonState.Ending) {
        guard !isAskedToStop, ending == .unread else { return }
        if case .wait(let time?) = state.next(now: agent.context.clock()) {
            log(.notice, "next attempt \(TimeText.text(time))")
        }
    }

    // MARK: Reload

    private func reload() {
        ports.notify(.reloading)
        defer { ports.notify(.ready) }
        do throws(AgentFailure) {
            let new = try HeldFiles(agent)
            guard new.files.configuration.state == files.configuration.state else {
                throw AgentFailure(
                    .badConfiguration, "the state directory is another one now",
                    hint: "restart the daemon; until then it works with the one that it began with")
            }
            let schedule = try RunSchedule(new.files.configuration.schedule ?? .standard, seed: ports.seed)
            held = new
            ports.forgetRefusals()
            state.change(schedule, now: agent.context.clock())
            awaitDelivery()
            stopFollowing()
            beginFollowing()
            log(.notice, "the configuration was read again")
        } catch {
            ports.failed(error)
            log(.error, "the configuration was not taken over: the one that was read before stays")
        }
    }
}

extension Schedule {
    /// What goes without `schedule:`.
    static let standard = Schedule(
        cron: "15 2 * * *", timezone: "UTC", jitter: .seconds(300), retryEvery: .seconds(900),
        retryFor: .seconds(4 * 3600))
}

extension RunSchedule {
    /// Throws where the machine does not know the time zone.
    init(_ schedule: Schedule, seed: UInt64) throws(AgentFailure) {
        guard let cron = CronExpression(schedule.cron) else {
            throw AgentFailure(
                .badConfiguration, "`schedule.cron` is not a cron expression: `\(schedule.cron)`",
                hint: "write minute, hour, day of the month, month and day of the week, like `15 2 * * *`")
        }
        self.init(
            timetable: Timetable(cron, zone: try TimeZoneFile.rules(schedule.timezone)),
            jitter: schedule.jitter.components.seconds, retryEvery: schedule.retryEvery.components.seconds,
            retryFor: schedule.retryFor.components.seconds, seed: seed,
            changesEvery: schedule.incrementalEvery?.components.seconds)
    }
}

extension DaemonState.Ending {
    /// A run that was applied.
    ///
    /// Of directories that could not be read only those that refused nothing are worth another attempt.
    init(_ result: RunResult) {
        let mayPass = result.unread.values.contains { $0 != .refused }
        self = result.status == .partlyRead && mayPass ? .unread : .settled
    }

    /// A run that failed for another reason than that another was at work.
    init(_ failure: AgentFailure) {
        let all = [failure.status] + failure.others
        self = all.contains(where: \.isWorthAnotherAttempt) ? .unread : all.contains(.refused) ? .refused : .settled
    }
}

extension DaemonState.Occasion {
    /// Whether it is the first run of a slot.
    var beginsSlot: Bool {
        switch self {
        case .scheduled, .missed: true
        case .again, .early, .between: false
        }
    }

    /// A slot is a whole reading; what following missed is told by the changes since the last run, or else by one.
    var reading: RunRequest.Reading {
        switch self {
        case .early, .between: .changes
        case .scheduled, .missed, .again: .everything
        }
    }

    /// Why a run is made, for the log.
    var words: String {
        switch self {
        case .scheduled(let slot): "run of \(TimeText.text(slot))"
        case .missed(let slot): "run of \(TimeText.text(slot)), which was missed"
        case .again(let attempt): "attempt \(attempt)"
        case .early(let reason): "run before its time: \(reason)"
        case .between: "run on what changed"
        }
    }
}

extension ExitStatus {
    /// Whether the directory could not be read, which may pass; a refused bind is not tried again, since that locks accounts.
    var isWorthAnotherAttempt: Bool {
        switch self {
        case .incomplete, .unavailable, .partlyRead, .stale: true
        default: false
        }
    }
}

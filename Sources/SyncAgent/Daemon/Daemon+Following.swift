import DirectoryModel
import Reconciliation

/// What is done between runs: act on what the directories say of single people, and on nothing else.
extension Daemon {
    // MARK: Beginning and end

    /// Opens what can be followed; servers are asked once nothing else is due, and not before there was a run.
    func beginFollowing() {
        guard files.targets.contains(where: { $0.settings.mode == .manage }) else { return }
        let secrets = agent.context.secrets(files.configuration)
        for directory in files.configuration.directories {
            if let reason = whyNotFollowed(directory) {
                log(.note, "directory `\(directory.name)` is not followed: \(reason)")
                continue
            }
            do {
                let follower = try ports.openFollower(directory, secrets)
                followed.append(WatchedDirectory(name: directory.name, follower: follower))
            } catch {
                log(.warning, "directory `\(directory.name)` is not followed: \(agent.failure(of: error).message)")
            }
        }
    }

    private func whyNotFollowed(_ directory: DirectorySettings) -> String? {
        if !directory.isFollowed { return "`incremental` is `off`" }
        guard let same = files.configuration.samePerson, let place = same.prefer.firstIndex(of: directory.name),
            place > 0
        else { return nil }
        return "people of it may be known by another directory, which only a run tells"
    }

    /// Reads the secrets again for directories whose bind was refused while they were followed; a run has just read these.
    func reopenFollowers(of read: Set<String>) {
        let secrets = agent.context.secrets(files.configuration)
        for place in followed.indices where followed[place].follower.isRefused && read.contains(followed[place].name) {
            let name = followed[place].name
            guard let directory = files.configuration.directories.first(where: { $0.name == name }) else { continue }
            do {
                followed[place].change(to: try ports.openFollower(directory, secrets))
            } catch {
                log(.warning, "directory `\(name)` is not followed: \(agent.failure(of: error).message)")
            }
        }
    }

    func stopFollowing() {
        for one in followed { one.follower.pause() }
        followed = []
    }

    /// Begins with those directories that are not followed yet.
    func continueFollowing() {
        let waiting = followed.indices.filter { followed[$0].mayBegin(at: ports.milliseconds()) }
        guard !waiting.isEmpty, let stamps = lastStamps() else { return }
        for place in waiting where !isAskedToStop {
            showLife()
            begin(place, since: stamps[followed[place].name])
        }
    }

    /// What the directories said of themselves in the last applied run; nil where there was none.
    private func lastStamps() -> [String: DirectoryStamp]? {
        guard !RunTraces(files.configuration).isNew else { return nil }
        let location = RosterLocation(
            path: files.configuration.rosterPath, access: .reading, readers: files.configuration.readers)
        guard let open = try? agent.ports.openRoster(location) else { return nil }
        defer { open.close() }
        guard let roster = try? open.store.load(targets: []), roster.lastRun > 0 else { return nil }
        return roster.stamps
    }

    private func begin(_ place: Int, since stamp: DirectoryStamp?) {
        let name = followed[place].name
        switch followed[place].follower.start(since: stamp) {
        case .following: began(place, "is followed")
        case .fromNow(let reason):
            began(place, "is followed from now on: \(reason)")
            askForRun("directory `\(name)`: \(reason)")
        case .impossible(let reason):
            followed[place].isGivenUp = true
            log(.warning, "directory `\(name)` is not followed: \(reason)")
        case .failed(let failure): trouble(place, failure)
        }
    }

    private func began(_ place: Int, _ words: String) {
        followed[place].isFollowing = true
        followed[place].beginning.began(at: ports.milliseconds())
        followed[place].beginningWords = words
    }

    /// Says that it is followed, once the server told something, or nothing, without a fault.
    private func wentWell(_ place: Int) {
        guard let words = followed[place].beginningWords else { return }
        followed[place].beginningWords = nil
        followed[place].lastTrouble = ""
        log(.note, "directory `\(followed[place].name)` \(words)")
    }

    /// Says once what is wrong, and tries again after a while.
    private func trouble(_ place: Int, _ failure: PullFailure) {
        followed[place].isFollowing = false
        followed[place].beginning.failed(at: ports.milliseconds())
        guard followed[place].lastTrouble != failure.message else { return }
        followed[place].lastTrouble = failure.message
        let until = followed[place].follower.isRefused ? "until a run has read it" : "at the moment"
        log(.warning, "directory `\(followed[place].name)` is not followed \(until): \(failure.message)")
    }

    /// Not more often than a run that failed is tried again.
    private func askForRun(_ reason: String) {
        let soonest = state.lastRead + state.schedule.retryEvery
        state.askForRun(reason, from: max(agent.context.clock(), soonest))
    }

    // MARK: Watching

    /// Takes in what the directories tell; false where none is followed, and nothing was waited for.
    func follow() -> Bool {
        if followed.contains(where: { $0.mayBegin(at: ports.milliseconds()) }) { continueFollowing() }
        let watched = followed.indices.filter { followed[$0].isFollowing }
        guard !watched.isEmpty else { return false }
        let wait = Duration.milliseconds(1000 / watched.count)
        for place in watched {
            take(followed[place].follower.watch(for: wait, now: agent.context.clock()), place)
            if isAskedToStop { return true }
            act(place)
        }
        return true
    }

    private func take(_ news: FollowerNews, _ place: Int) {
        switch news {
        case .quiet: wentWell(place)
        case .disabled(let ids):
            wentWell(place)
            followed[place].pending.formUnion(ids)
        case .lost(let failure): trouble(place, failure)
        case .gap(let reason):
            followed[place].isFollowing = false
            followed[place].beginning.failed(at: ports.milliseconds())
            log(.warning, "directory `\(followed[place].name)`: \(reason)")
            askForRun("directory `\(followed[place].name)`: \(reason)")
        }
    }

    // MARK: Acting

    /// Reads who seems to be disabled by id, and suspends those who are.
    private func act(_ place: Int) {
        let ids = followed[place].pending.sorted()
        guard !ids.isEmpty, followed[place].mayAct(at: ports.milliseconds()) else { return }
        let name = followed[place].name
        do {
            let states = try followed[place].follower.read(ids, now: agent.context.clock())
            let disabled = states.filter { !$0.value.isEnabled }.sorted { $0.key < $1.key }.map {
                DisabledPerson(key: PersonKey(directory: name, id: $0.key), state: $0.value)
            }
            if !disabled.isEmpty {
                tell(try agent.suspend(disabled, files: files))
                awaitDelivery()
            }
            followed[place].pending.subtract(ids)
            followed[place].acting.succeeded()
            followed[place].isWaitingForLock = false
        } catch let failure as AgentFailure where failure.status == .locked {
            if !followed[place].isWaitingForLock {
                followed[place].isWaitingForLock = true
                log(.note, "disabled people of directory `\(name)` wait: \(failure.message)")
            }
            followed[place].acting.failed(at: ports.milliseconds(), first: 250)
        } catch {
            let failure = agent.failure(of: error)
            followed[place].acting.failed(at: ports.milliseconds())
            log(.error, "disabled people of directory `\(name)` could not be suspended yet: \(failure.message)")
        }
        showLife()
    }

    private func tell(_ result: FollowedResult) {
        if let record = result.record { log(.notice, "run \(record.number): \(record.summary), as the directory says") }
        for plan in result.plans {
            for hold in plan.holds {
                log(.error, "\(plan.target): \(hold.message); left to the next run, and to you")
            }
            for finding in plan.findings where finding.weight == .severe {
                log(.warning, "\(plan.target): somebody is \(finding.message)")
            }
        }
        for (target, reason) in result.unfollowed.sorted(by: { $0.key < $1.key }) {
            log(.note, "\(target): disabled people wait for the next run, since \(reason.rawValue)")
        }
    }
}

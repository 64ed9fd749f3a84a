internal import DirectoryModel
internal import Glibc
internal import LDAPClient

extension LDAPSource {
    /// Does something whole, and does it again from the beginning, on a new connection, where that may help.
    ///
    /// What has been read before is thrown away: no search is ever resumed, on no server. All attempts and the pauses between them
    /// have to be done within `timeouts.pull`. A server that was never reached is not waited for.
    func retrying<Result>(
        _ progress: (PullProgress) -> Void, _ unit: () throws(PullFailure) -> Result
    ) throws(PullFailure) -> Result {
        var attempt = 1
        var before: PullFailure?
        while true {
            do throws(PullFailure) { return try unit() } catch {
                if connection != nil, let server, !unsteady.contains(server) { unsteady.append(server) }
                connection = nil
                let mayPass = error.isTransient || attempt > 1 && error.kind == .unreachable
                let pause = settings.retry.pause(after: attempt)
                guard mayPass, attempt < settings.retry.attempts, hasTime(for: pause) else {
                    throw told(error, after: before, attempt)
                }
                attempt += 1
                before = error
                progress(PullProgress(stage: .retrying(attempt: attempt), entries: 0))
                try wait(pause)
            }
        }
    }

    private func hasTime(for pause: Duration) -> Bool {
        guard let deadline else { return true }
        return ContinuousClock.now.advanced(by: pause) < deadline
    }

    /// The last failure, and where it is another the one before it: that there was no more time is not why another attempt was needed.
    private func told(_ failure: PullFailure, after before: PullFailure?, _ attempts: Int) -> PullFailure {
        guard attempts > 1 else { return failure }
        var told = failure
        let other = before.flatMap { $0.message == failure.message ? nil : "; the one before: \($0.message)" }
        told.message += " (after \(attempts) attempts\(other ?? ""))"
        return told
    }

    /// Sleeps in short steps, so that a stop is heeded soon.
    private func wait(_ pause: Duration) throws(PullFailure) {
        let end = ContinuousClock.now.advanced(by: pause)
        while ContinuousClock.now < end {
            if Task.isCancelled || settings.connection.stop?.isRaised == true {
                throw settings.source.failure(LDAPError(.cancelled, server: server?.description ?? ""))
            }
            usleep(20_000)
        }
    }
}

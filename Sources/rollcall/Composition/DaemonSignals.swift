import Glibc
import LDAPClient
import SyncAgent
import Synchronization

/// Signals as wishes: SIGHUP asks for a reload, SIGTERM and SIGINT for an end in order, a second one of these ends at once.
enum DaemonSignals {
    /// Raised for good by the first signal to end.
    static let stop = StopFlag()
    private static let reload = Atomic(false)
    /// The writing end of a pipe that wakes who waits.
    private static let waker = Atomic<Int32>(-1)
    private static let sleeper = Atomic<Int32>(-1)

    /// Takes the signals over; everything a handler touches is made before.
    static func install() {
        var ends: [Int32] = [-1, -1]
        if pipe(&ends) == 0 {
            for end in ends {
                _ = fcntl(end, F_SETFD, FD_CLOEXEC)
                _ = fcntl(end, F_SETFL, O_NONBLOCK)
            }
            sleeper.store(ends[0], ordering: .relaxed)
            waker.store(ends[1], ordering: .relaxed)
        }
        _ = (stop.isRaised, reload.load(ordering: .relaxed))
        var action = sigaction()
        action.__sigaction_handler.sa_handler = { DaemonSignals.take($0) }
        action.sa_flags = SA_RESTART
        for signal in [SIGHUP, SIGTERM, SIGINT] { sigaction(signal, &action, nil) }
    }

    /// Runs in a signal handler: nothing but atomics and `write`.
    private static func take(_ signal: Int32) {
        let number = errno
        if signal == SIGHUP {
            reload.store(true, ordering: .relaxed)
        } else {
            if stop.isRaised { _exit(128 + signal) }
            stop.raise()
        }
        var byte: UInt8 = 0
        _ = write(waker.load(ordering: .relaxed), &byte, 1)
        errno = number
    }

    static func requests() -> DaemonPorts.Requests {
        DaemonPorts.Requests(reload: reload.exchange(false, ordering: .relaxed), stop: stop.isRaised)
    }

    /// Waits, and returns early when a signal comes.
    static func wait(_ duration: Duration) {
        let end = sleeper.load(ordering: .relaxed)
        let (seconds, attoseconds) = duration.components
        let milliseconds = Int32(truncatingIfNeeded: min(seconds, 3600) * 1000 + attoseconds / 1_000_000_000_000_000)
        var waited = pollfd(fd: end, events: Int16(POLLIN), revents: 0)
        guard poll(&waited, 1, milliseconds) > 0 else { return }
        var bytes = [UInt8](repeating: 0, count: 64)
        while read(end, &bytes, bytes.count) > 0 {}
    }
}

import ArgumentParser
import Glibc
import LDAPClient
import SyncAgent

/// `rollcall daemon`: the nightly run on the schedule, and an eye on the directories between the nights.
struct DaemonCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "daemon",
        abstract: "Run on the schedule, and follow the directories between runs.",
        discussion: """
            It runs as `sync` does, when `schedule` in the configuration says so; a run that was missed is made up for. Between \
            runs it suspends, within seconds, whom a directory says is disabled, and does nothing else. SIGHUP reads the files \
            again, SIGTERM ends it in order.

              rollcall daemon --config /etc/rollcall/rollcall.yaml
            """)

    @OptionGroup var configuration: ConfigurationOptions

    func run() throws {
        DaemonSignals.install()
        let sign = SignOfLife()
        let composition = Composition(configuration, stop: DaemonSignals.stop) { sign.show() }
        let daemon = try Daemon(composition.agent, ports: ports(composition))
        sign.show = { [unowned daemon] in daemon.showLife() }
        try daemon.run()
    }

    private func ports(_ composition: Composition) -> DaemonPorts {
        let notice = Environment.value("NOTIFY_SOCKET").flatMap { ServiceNotice(socket: $0) }
        return DaemonPorts(
            openFollower: { try Directories.follow($0, $1, stop: DaemonSignals.stop) },
            isRefused: Directories.isRefused, forgetRefusals: Directories.accounts.forgetRefusals,
            notify: { notice?.tell($0) }, log: DaemonLog.write, requests: DaemonSignals.requests,
            wait: DaemonSignals.wait,
            finished: { result in
                composition.progress.clear()
                NightOutput(result, wasShown: false).message()
            },
            failed: { failure in
                composition.progress.clear()
                Ending.tell(failure)
            }, milliseconds: DaemonCommand.milliseconds, seed: MachineSeed.value,
            watchdog: notice == nil ? nil : DaemonCommand.watchdog)
    }

    /// How long the service manager waits for a sign of life; nil where it does not, or waits for another process.
    private static var watchdog: Duration? {
        guard let text = Environment.value("WATCHDOG_USEC"), let microseconds = Int64(text), microseconds > 0,
            Environment.value("WATCHDOG_PID").map({ $0 == "\(getpid())" }) ?? true
        else { return nil }
        return .microseconds(microseconds)
    }

    private static func milliseconds() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }
}

/// Called from wherever the work of the daemon gets on.
private final class SignOfLife {
    var show: () -> Void = {}
}

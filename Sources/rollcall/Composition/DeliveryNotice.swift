import Glibc
import Reports
import SyncAgent

/// Tells on standard error what delivery after a command came to, and remembers whether a human has to look.
final class DeliveryNotice {
    private(set) var isLoud = false

    func take(_ report: DeliveryReport) {
        isLoud = isLoud || report.isLoud
        guard !report.isQuiet else { return }
        Output.message(
            DeliveryOutput(report, now: Clock.now()).text(style: Terminal.style(of: STDERR_FILENO)),
            report.isLoud ? .error : .notice)
    }
}

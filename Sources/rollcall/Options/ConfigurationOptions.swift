import ArgumentParser
import Glibc

/// Which configuration a command works with.
struct ConfigurationOptions: ParsableArguments {
    @Option(
        name: .customLong("config"),
        help: ArgumentHelp(
            "The agent configuration. Otherwise $ROLLCALL_CONFIG, config/rollcall.yaml here if it is yours, /etc/rollcall/rollcall.yaml.",
            valueName: "file"), completion: .file())
    var file: String?

    @Flag(name: .customLong("verbose"), help: "Say on standard error when each phase of a run begins.")
    var isVerbose = false

    /// Flag before environment before the file at hand before the system's.
    var path: String {
        if let file { return file }
        if let named = Environment.value("ROLLCALL_CONFIG"), !named.isEmpty { return named }
        return ConfigurationOptions.isOwn(ConfigurationOptions.local)
            ? ConfigurationOptions.local : "/etc/rollcall/rollcall.yaml"
    }

    private static let local = "config/rollcall.yaml"

    /// Why the configuration at hand was not taken up; nil where it was, or there is none.
    var note: String? {
        guard file == nil, Environment.value("ROLLCALL_CONFIG")?.isEmpty ?? true else { return nil }
        var status = stat()
        guard stat(ConfigurationOptions.local, &status) == 0, status.st_uid != geteuid() else { return nil }
        return
            "note: `\(ConfigurationOptions.local)` here belongs to another user (uid \(status.st_uid)) and is not taken up "
            + "unasked; name it with `--config`\n"
    }

    /// Whether the file is there and belongs to whoever calls: a configuration names programs that are run, so one that
    /// somebody else left in the current folder is not taken up unasked.
    private static func isOwn(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_uid == geteuid()
    }
}

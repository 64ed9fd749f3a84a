import ArgumentParser
import Glibc

/// Which configuration a command works with.
struct ConfigurationOptions: ParsableArguments {
    @Option(
        name: .customLong("config"),
        help: ArgumentHelp(
            "The agent configuration. Otherwise $ROLLCALL_CONFIG, config/rollcall.yaml here if it is yours, /etc/rollcall/rollcall.yaml.",
            valueName: "file"))
    var file: String?

    @Flag(name: .customLong("verbose"), help: "Say on standard error when each phase of a run begins.")
    var isVerbose = false

    /// Flag before environment before the file at hand before the system's.
    var path: String {
        if let file { return file }
        if let named = Environment.value("ROLLCALL_CONFIG"), !named.isEmpty { return named }
        return ConfigurationOptions.isOwn("config/rollcall.yaml")
            ? "config/rollcall.yaml" : "/etc/rollcall/rollcall.yaml"
    }

    /// Whether the file is there and belongs to whoever calls: a configuration names programs that are run, so one that
    /// somebody else left in the current folder is not taken up unasked.
    private static func isOwn(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_uid == geteuid()
    }
}

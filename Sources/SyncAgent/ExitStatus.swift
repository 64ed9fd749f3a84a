/// How a command ends, for whoever called it: cron, systemd, a script.
package enum ExitStatus: Int, Sendable, Equatable, CaseIterable {
    /// Done.
    case done = 0
    /// Failed for a reason that has no code of its own.
    case failed = 1
    /// With `--detailed-exitcode`: there are changes.
    case changes = 2
    /// A guard held something back; the rest, if any, is applied.
    case held = 3
    /// A directory could not be read completely; nothing written.
    case incomplete = 4
    /// Another run holds the lock.
    case locked = 5
    /// The plan is stale.
    case stale = 6
    case usage = 64
    /// Bad data in a mapping, platform, approval or input file.
    case badData = 65
    /// A file is missing.
    case missingFile = 66
    /// No server answered, or TLS failed.
    case unavailable = 69
    /// A bug of Rollcall.
    case bug = 70
    case cannotWrite = 73
    case damagedRoster = 74
    /// Applied, but one of several directories could not be read.
    case partlyRead = 75
    /// The bind was refused.
    case refused = 77
    case badConfiguration = 78
}

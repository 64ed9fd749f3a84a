import ArgumentParser
import Glibc

/// The command line: a list of commands, and one door through which every ending goes.
@main
struct Rollcall: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollcall",
        abstract: "Keeps people, roles and seats of a platform in step with the directory.",
        discussion: """
            Start with `rollcall init`, then `rollcall plan`: it shows what would change and why, and writes nothing.

              rollcall init ldaps://ldap.example.org  write a configuration to begin with
              rollcall plan                           what a run would change, and why
              rollcall sync                           show that, ask, and do it
            """,
        version: Version.text,
        groupedSubcommands: [
            CommandGroup(
                name: "Set up",
                subcommands: [
                    Init.self, Doctor.self, Check.self, Test.self, Lock.self, Trust.self, Config.self,
                    PlatformCommand.self,
                ]),
            CommandGroup(
                name: "Before a change", subcommands: [Diff.self, SnapshotCommand.self, ScaffoldCommand.self]),
            CommandGroup(
                name: "Every night",
                subcommands: [
                    PlanCommand.self, Apply.self, Sync.self, DaemonCommand.self, Approve.self, Ack.self, Undo.self,
                    Continue.self,
                ]),
            CommandGroup(
                name: "Look",
                subcommands: [
                    Status.self, Findings.self, Explain.self, Users.self, Who.self, Seats.self, Groups.self, Runs.self,
                    Show.self, History.self, Changes.self, Due.self, DriftCommand.self, Review.self, Export.self,
                ]),
            CommandGroup(name: "Prove", subcommands: [Audit.self, Backup.self, Restore.self]),
            CommandGroup(
                name: "By hand",
                subcommands: [
                    Suspend.self, Resume.self, Grant.self, Revoke.self, Resend.self, Import.self, Link.self, Rekey.self,
                ]),
            CommandGroup(name: "Delivery", subcommands: [Deliver.self, OutboxCommand.self]),
        ])

    static func main() {
        // A reader that goes away must not kill a run halfway; writing then fails with EPIPE instead.
        signal(SIGPIPE, SIG_IGN)
        // Nor must a limit on the size of files: writing then fails with EFBIG, and the run ends in order.
        signal(SIGXFSZ, SIG_IGN)
        // Whoever ignores the ends of children hands that on, and then no program tells how it ended.
        signal(SIGCHLD, SIG_DFL)
        do {
            try CommandWords(CommandLine.arguments.dropFirst()).check()
            var command = try parseAsRoot()
            try Clock.check()
            try command.run()
        } catch {
            Ending(error, arguments: CommandLine.arguments).leave()
        }
    }
}

package import Diagnostics
import MappingLanguage

/// The description of `rollcall.yaml`: what may stand in it, and what each key means.
package enum AgentGrammar {
    package static let grammar = FileGrammar(
        name: "rollcall", title: "Rollcall: agent configuration",
        root: .object(
            "the agent configuration",
            [
                .required("version", .integer(1...1), "Version of this kind of file: 1."),
                .optional(
                    "state", path, default: "/var/lib/rollcall",
                    "Directory of the roster, reports and the lock; it belongs to the user who runs rollcall."),
                .optional("readers", .text(systemName), "System group that may read the roster."),
                .required("directories", .list(directory, count: 1...250), "Where people and groups come from."),
                .optional("same_person", samePerson, "How one person in several directories is recognized."),
                .optional("defaults", .object("the defaults", decisions), "Policy and limits of every target."),
                .required("targets", .list(target, count: 1...250), "What to keep in step."),
                .optional("approvals", path, default: "approvals/", "Directory of approval files."),
                .optional("schedule", schedule, "When the daemon runs; without it, by the defaults of its keys."),
                .optional("reports", reports, "What is kept of each run."),
                .optional("deliver", deliver, "Who is told of applied changes."),
                .optional("notify", notify, "Who is told of a night that needs somebody."),
                .optional("witness", witness, "Who sees, besides the state directory, which run was the last."),
            ]), definitions: ["topology": topology, "condition": MappingGrammar.condition])

    static let path = Shape.text(
        TextPattern(what: "a path", regex: nil, longest: 4_000) { !$0.isEmpty })

    static let systemName = TextPattern(
        what: "the name of a system group", regex: "^[a-z_][a-z0-9_.-]*$", longest: 32
    ) { name in
        guard let first = name.utf8.first, first == 0x5F || (0x61...0x7A).contains(first) else { return false }
        return name.utf8.allSatisfy { byte in
            (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || [0x5F, 0x2D, 0x2E].contains(byte)
        }
    }

    static let samePerson = Shape.object(
        "how one person is recognized",
        [
            .required("by", .text(attributeName), "Trusted attribute that is the same in all these directories."),
            .required(
                "prefer", .list(.text(.id), count: 2...250),
                "The directories it is about, the one whose identity a person has first."),
        ])

    static let schedule = Shape.object(
        "a schedule",
        [
            .optional("cron", .text, default: "15 2 * * *", "Minute, hour, day, month, weekday."),
            .optional("timezone", .text, default: "UTC", "Name of a time zone: Europe/Berlin."),
            .optional("jitter", .duration(.seconds(0)...(.seconds(86_400))), default: "5m", "Random delay at most."),
            .optional(
                "retry",
                .object(
                    "how to retry",
                    [
                        .optional(
                            "every", .duration(.seconds(60)...(.seconds(86_400))), default: "15m",
                            "Time between attempts."),
                        .optional(
                            "for", .duration(.seconds(0)...(.seconds(7 * 86_400))), default: "4h",
                            "How long attempts go on."),
                    ]), "What happens when a directory does not answer."),
            .optional(
                "incremental_every", .oneOf([.choice(["never"]), .duration(.seconds(60)...(.seconds(86_400)))]),
                default: "never", "How often the daemon runs on what changed, between the runs of the schedule."),
        ])

    static let reports = Shape.object(
        "the reports",
        [
            .optional("keep", .integer(1...100_000), default: "90", "How many runs' reports are kept."),
            .optional(
                "formats", .list(.choice(["text", "json", "html", "markdown", "csv"]), count: 1...5),
                default: "[html, json]",
                "How each run's report is written; with html there is also a page that lists all kept runs."),
            .optional(
                "metrics_file", .oneOf([.null, path]), default: "null",
                "File of figures for Prometheus, written anew by every command that writes; its folder must be there."),
        ])

    static let notify = Shape.object(
        "who is told",
        [
            .optional(
                "command", .oneOf([.null, .list(.text, count: 1...100)]), default: "null",
                "Program, with its arguments, that takes the report of the night on its standard input."),
            .optional(
                "on", .list(.choice(["failed", "held", "unread", "findings"]), count: 1...4),
                default: "[failed, held, unread]",
                "What it is called for: a failed run, a hold, a directory that could not be read, new findings."),
            .optional(
                "format", .choice(["text", "json", "html", "markdown", "csv"]), default: "text",
                "How the report is written."),
            .optional(
                "timeout", .duration(.seconds(1)...(.seconds(600))), default: "60s",
                "How long the program may take."),
        ])

    static let witness = Shape.object(
        "the witness",
        [
            .optional(
                "syslog", .boolean, default: "false",
                "Whether number and hash of each recorded run go to the system's log.")
        ])

    static let deliver = Shape.object(
        "the delivery",
        [
            .optional(
                "command", .oneOf([.null, .list(.text, count: 1...100)]),
                default: "null",
                "Program, with its arguments, that takes messages about applied changes on its standard input.")
        ])
}

import Diagnostics
import Reconciliation

/// The directories that could not be read, before everything else: whose people are frozen, why, and how many.
struct PlanUnread {
    let plans: [TargetPlan]

    /// Lines about one directory begin here, under `FROZEN  `.
    private static let indent = 8

    func write(to page: inout TextPage) {
        for directory in plans.first?.unread ?? [] {
            page.blank()
            write(directory, to: &page)
        }
    }

    func write(_ directory: UnreadDirectory, to page: inout TextPage) {
        page.line(
            Span("FROZEN", .alarm),
            "  directory \(directory.name) could not be read since \(directory.sinceText): \(directory.cause)")
        page.line(Span(UnreadDirectory.standing), indent: PlanUnread.indent)
        page.line("frozen: \(directory.frozenUsers(plans))", indent: PlanUnread.indent)
        if !directory.hint.isEmpty {
            page.line(Span("hint: \(directory.hint)", .faint), indent: PlanUnread.indent)
        }
    }
}

extension UnreadDirectory {
    /// What being frozen means.
    static let standing = "its people keep what they have, and nobody of it comes or goes; the rest goes on"

    /// How many users of it each target has.
    func frozenUsers(_ plans: [TargetPlan]) -> String {
        plans.compactMap { plan in
            plan.unread.first { $0.name == name }.map { "\(plan.target) \(Counted.text($0.users, "user"))" }
        }
        .joined(separator: ", ")
    }
}

extension JSONWriter {
    /// Directories that could not be read, where there are any.
    mutating func unread(_ directories: [UnreadDirectory]) {
        if directories.isEmpty { return }
        key("unread")
        beginArray()
        for directory in directories {
            beginObject()
            field("directory", directory.name)
            field("users", directory.users)
            field("cause", directory.cause)
            field("hint", directory.hint)
            field("since_run", Int(directory.sinceRun))
            field("since", Timestamp.machine(directory.since))
            endObject()
        }
        endArray()
    }
}

import Diagnostics

/// The part of the grammar about targets and what decides there.
extension AgentGrammar {
    static let target = Shape.object(
        "a target",
        [
            .required("name", .text(.id), "Name of the target: acme-desk."),
            .required("platform", path, "Platform file."),
            .required("mapping", path, "Mapping file."),
            .required(
                "topology", .map(keys: .word, values: .reference("topology")),
                "Scopes that the target really has, and their seats: {workspaces: {support: {plan: pro, seats: 40}}}. "
                    + "The keys stand in docs/concepts/seats.md."),
        ] + decisions)

    /// Anything within a topology: its words are the platform's, so `TopologyReader` checks them.
    static let topology = Shape.oneOf([
        .null, .integer(0...100_000_000), .boolean, .text, .list(.text(.id), count: 0...100_000),
        .map(keys: .word, values: .reference("topology")),
    ])

    /// What stands under `defaults`, and under a target again where it differs.
    static let decisions: [Key] = [
        .optional(
            "mode", .choice(["observe", "manage"]), default: "observe",
            "With observe, rollcall plans and reports and writes nothing to users; with manage it keeps them in step."),
        .optional("policy", policy, "What happens to whom."),
        .optional("limits", limits, "How much may happen in a rolling window."),
        .optional(
            "pace",
            .object(
                "the pace",
                [.optional("invite", .integer(0...100_000_000), default: "300", "Joiners a run; the others wait.")]),
            "How fast joiners are invited."),
    ]

    static let policy = Shape.object(
        "the policy",
        [
            .optional("new", .choice(["invite", "activate"]), default: "invite", "How somebody new begins."),
            .optional(
                "disabled", .object("what to do", [deed("suspend")]), "The directory says the account is disabled."),
            .optional(
                "missing",
                .object(
                    "what to do about the missing",
                    [
                        deed("suspend"),
                        .optional(
                            "after",
                            .object(
                                "when it is due",
                                [
                                    .optional(
                                        "runs", .integer(1...1_000), default: "2", "Complete runs, one after the other."
                                    ),
                                    .optional("hours", .integer(0...100_000), default: "20", "And so many hours."),
                                ]), "In how many complete runs somebody must be missing."),
                    ]), "Confirmed gone from the directory."),
            .optional(
                "out_of_scope", .object("what to do", [deed("report")]),
                "Still in the directory, outside bases or filter."),
            .optional(
                "unmapped",
                .object(
                    "what to do about the unmapped",
                    [deed("suspend"), .optional("settle", .duration, default: "24h", "How long to wait.")]),
                "No rule gives anything any more."),
            .optional("inactive", inactive, "Has not signed in for long."),
            .optional("suspend_when", .list(ownCause, count: 0...64), default: "[]", "Your own causes."),
            .optional(
                "remove_after",
                .oneOf([
                    .choice(["never"]), removalDelay,
                    .map(keys: .word, values: .oneOf([.choice(["never"]), removalDelay])),
                ]), default: "never", "How long suspended before removal; or so long for each cause, by its name."),
            .optional(
                "when_seats_run_out", .choice(["wait", "otherwise", "hold"]), default: "wait",
                "What happens to those for whom there is no seat."),
            .optional(
                "reclaim_seats",
                .oneOf([
                    .choice(["never"]),
                    .object(
                        "when to take back seats",
                        [.required("inactive_for", removalDelay, "Last sign-in longer ago than this.")]),
                ]), default: "never", "Whether seats of the inactive are taken back for people in line."),
            .optional(
                "keep_at_least", .map(keys: .id, values: .integer(0...1_000_000)), default: "{}",
                "Users that keep a role, at least; never below the platform's own."),
            .optional(
                "protect", .list(protected, count: 0...10_000), default: "[]", "Who is never taken anything from."),
            .optional("invite_reminder", .duration, default: "14d", "When an invitation not accepted is told."),
            .optional(
                "only",
                .oneOf([
                    .null, .object("a pilot", [.required("group", .text, "Its group.")]),
                ]), default: "null", "A pilot: everybody else is left as they are."),
        ])

    /// From a day on.
    private static let removalDelay = Shape.duration(.seconds(86_400)...(.seconds(100 * 366 * 86_400)))

    private static func deed(_ standard: String) -> Key {
        .optional("do", .choice(["suspend", "report"]), default: standard, "Suspend, or only report.")
    }

    static let inactive = Shape.object(
        "what to do about the inactive",
        [
            .optional(
                "after", .duration(.seconds(86_400)...(.seconds(100 * 366 * 86_400))), default: "90d",
                "Last sign-in longer ago than this."),
            deed("report"),
            .optional(
                "feed_not_older_than", .duration, default: "7d",
                "Nobody is suspended for it while the latest sign-in that was imported is older than this."),
        ])

    static let ownCause = Shape.object(
        "a cause of your own",
        [
            .required("name", .text(.id), "Name of the cause."),
            .required("when", .reference("condition"), "Condition in the words of mappings."),
            .optional("seat", .choice(["keep", "release"]), default: "keep", "What happens to the seat."),
            .optional("return", .choice(["in_line", "first_in_line"]), default: "in_line", "Place in line on return."),
        ])

    static let protected = Shape.object(
        "somebody protected",
        [
            .optional("email", .text, "One person, by email."),
            .optional("group", .text, "Everybody in a group."),
            .optional("id", .text, "One person, by immutable id."),
        ], [.exactlyOne(["email", "group", "id"])])

    static let limits = Shape.object(
        "the limits",
        [
            .optional(
                "per", .duration(.seconds(3_600)...(.seconds(31 * 86_400))), default: "24h",
                "Length of the rolling window that the limits count in."),
            limit("suspend_disabled", "count: 100, percent: 3, floor: 5", "Suspensions of the disabled."),
            limit("suspend_other", "count: 25, percent: 2, floor: 3", "All other suspensions."),
            limit("lose_access", "count: 50, percent: 3, floor: 3", "Users who lose any access."),
            limit("change_email", "count: 50, percent: 5, floor: 3", "Users whose email changes."),
            limit(
                "change_permissions", "count: 50, percent: 5, floor: 3",
                "Users whose permissions change because a file was edited."),
            limit("privileged_gain", "count: 0", "Privileged grants without an approval by name."),
            limit("privileged_loss", "count: 1", "Users who lose a privileged role."),
            limit("remove", "count: 5", "Removals."),
            limit(
                "return", "count: 25, percent: 2, floor: 3",
                "Suspended and removed users who come back because their causes end."),
            .optional("week", week, "Limits over seven days, besides the others."),
            limit("people_shrink", "percent: 5, floor: 3", "Fewer people, or groups, than in the last applied run."),
            limit("group_shrink", "percent: 30, floor: 3", "Fewer people in a mapped group."),
        ])

    static let week = Shape.object(
        "the limits of a week",
        [
            limit("suspend_disabled", "", "Suspensions of the disabled."),
            limit("suspend_other", "percent: 3, floor: 5", "All other suspensions."),
            limit("lose_access", "percent: 5, floor: 5", "Users who lose any access."),
            limit("change_email", "", "Users whose email changes."),
            limit("change_permissions", "", "Users whose permissions change because a file was edited."),
            limit("privileged_loss", "", "Users who lose a privileged role."),
            limit("remove", "", "Removals."),
            limit("return", "", "Suspended and removed users who come back because their causes end."),
        ])

    static let limitShape = Shape.object(
        "a limit",
        [
            .optional("count", .integer(0...100_000_000), "A number of users."),
            .optional("percent", .integer(0...100), "Per hundred of the managed, invited and active users."),
            .optional("floor", .integer(0...100_000_000), "Never less than this."),
        ])

    private static func limit(_ name: String, _ standard: String, _ doc: String) -> Key {
        .optional(name, limitShape, default: standard.isEmpty ? nil : "{\(standard)}", doc)
    }
}

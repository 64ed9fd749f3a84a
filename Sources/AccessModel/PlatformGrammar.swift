package import Diagnostics

/// What a platform file may hold; parts of it serve mapping files as well.
package enum PlatformGrammar {
    package static let file = FileGrammar(
        name: "platform", title: "Rollcall platform: the access model of an application",
        root: platform, definitions: ["area": area, "settings": settings, "template": template])

    /// Permissions of a role, a template or a rule: `all`, or areas with a level or actions each.
    package static let settings = Shape.oneOf([
        .choice(["all"]),
        .map(keys: .path, values: .oneOf([.text(.word), .list(.text(.word), count: 1...64)])),
    ])

    /// A template, shipped or defined by the customer; refers to `settings`.
    package static let template = Shape.object(
        "a template",
        [
            .optional("title", .text, default: "the id", "What people call the template."),
            .required("permissions", .reference("settings"), "What the template gives in addition to the role."),
            .optional("retired", .boolean, default: "false", "Nobody new gets it while people are moved off it."),
        ])

    private static let platform = Shape.object(
        "a platform",
        [
            .required("version", .integer(1...1), "Version of this kind of file."),
            .required("platform", .text(.id), "Id of the platform, by which configurations and mappings name it."),
            .optional("title", .text, default: "the id", "What people call the platform."),
            .required("scopes", .list(.text(.id), count: 1...8), "Kinds of scopes, outermost first."),
            .required("permissions", permissions, "The tree of areas and what may be done in them."),
            .required("roles", .map(keys: .id, values: role), "Roles in order of rank, highest first."),
            .optional("default_role", .text(.id), "Role that a rule gives which names none."),
            .optional("templates", templates, default: "none", "Templates, and how many a user may have."),
            .optional("switches", .map(keys: .word, values: aSwitch), "Rights that are on or off per user."),
            .optional(
                "grants", .map(keys: .id, values: .map(keys: .id, values: grant)),
                "Roles that may be granted in one narrower scope, by kind of scope and role."),
            .optional(
                "statuses", .list(status, count: 1...3), default: "[invited, active]",
                "Statuses that the platform itself knows."),
            .optional("seats", .map(keys: .id, values: seatClass), default: "unlimited", "Kinds of paid seats."),
            .optional(
                "keep_at_least", .map(keys: .id, values: .integer(0...1_000_000)),
                "Least numbers of users that keep a role."),
        ])

    private static let permissions = Shape.object(
        "permissions",
        [
            .optional("levels", .list(.text(.word), count: 2...64), levelsDoc),
            .optional("actions", .list(.text(.word), count: 1...64), actionsDoc),
            .required("areas", .map(keys: .id, values: .reference("area")), "The areas at the top of the tree, by id."),
        ], [.atMostOne(["levels", "actions"])])

    private static let area = Shape.object(
        "an area",
        [
            .optional("title", .text, default: "the id", "What people call the area."),
            .optional("levels", .list(.text(.word), count: 2...64), levelsDoc),
            .optional("actions", .list(.text(.word), count: 1...64), actionsDoc),
            .optional(
                "privileged", .oneOf([.boolean, .list(.text(.word))]), default: "as the area above",
                "Levels or actions whose giving takes a privileged rule; true for all of them."),
            .optional(
                "areas", .map(keys: .id, values: .reference("area")),
                "Areas below; one that is not set has the value of the area above."),
        ], [.atMostOne(["levels", "actions"])])

    private static let levelsDoc = "Levels in order, lowest first; the first one means nothing."
    private static let actionsDoc = "Actions that may be given one by one."

    private static let role = Shape.object(
        "a role",
        [
            .optional("title", .text, default: "the id", "What people call the role."),
            .required("scope", .text(.id), "Kind of scope in which it is given."),
            .optional("privileged", .boolean, default: "false", "Giving it takes a privileged rule and an approval."),
            .optional("permissions", .reference("settings"), default: "{}", "What the role permits."),
            .optional("switches", .map(keys: .word, values: .boolean), "Switches that come with the role."),
        ])

    private static let templates = Shape.object(
        "templates",
        [
            .optional("per_user", .choice(["none", "one", "many"]), default: "none", "How many one user may have."),
            .optional(
                "ship", .map(keys: .id, values: .reference("template")), "Templates that come with the platform."),
        ])

    private static let aSwitch = Shape.object(
        "a switch",
        [.optional("forced_on_for", .list(.text(.id)), default: "[]", "Roles for which it is always on.")])

    private static let grant = Shape.object(
        "a grant",
        [.required("for", .list(.text(.id), count: 1...1_000), "Roles on which the grant has an effect.")])

    private static let seatClass = Shape.object(
        "a seat class",
        [
            .required("per", .text(.id), "Kind of scope that has a pool of these seats."),
            .required(
                "held_by",
                .object(
                    "held_by",
                    [
                        .optional("roles", .list(.text(.id)), default: "[]", "Roles that hold a seat."),
                        .optional(
                            "roles_with_grant", .list(.text(.id)), default: "[]",
                            "Roles that hold a seat as soon as they have a grant in a narrower scope."),
                        .optional(
                            "owners", .list(.text(.id)), default: "[]",
                            "Roles of wider scopes that hold a seat where the topology says `owners: true`."),
                    ], [.atLeastOne(["roles", "roles_with_grant", "owners"])]), "Who holds a seat."),
            .optional(
                "while", .list(status, count: 1...3), default: "[invited, active, suspended]",
                "Statuses in which a user holds it."),
            .required(
                "freed_by", .choice(SeatRelease.allCases.map { Choice($0.rawValue) }),
                "The least that frees a seat: the user is suspended, leaves the scope, is lowered, or is removed."),
        ])

    private static let status = Shape.choice(["invited", "active", "suspended"])
}

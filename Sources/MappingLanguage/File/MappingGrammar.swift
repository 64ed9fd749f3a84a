import AccessModel
package import Diagnostics

/// What a mapping file and a lock file may hold.
package enum MappingGrammar {
    package static let mapping = FileGrammar(
        name: "mapping", title: "Rollcall mapping: who gets what",
        root: root,
        definitions: [
            "condition": condition, "settings": PlatformGrammar.settings, "template": PlatformGrammar.template,
        ])

    package static let lock = FileGrammar(
        name: "groups.lock", title: "Rollcall lock file: the groups that rules may use",
        root: .object(
            "a lock file",
            [
                .required("version", .integer(1...1), "Version of this kind of file."),
                .required(
                    "groups",
                    .list(
                        .object(
                            "a locked group",
                            [
                                .required("name", .text, "Its `cn` when it was locked."),
                                .required("id", .text, "Its immutable id."),
                                .required("dn", .text, "Its DN when it was locked."),
                                .optional("directory", .text, "Its directory, where there are several."),
                            ])), "Every group that may give anything."),
            ]))

    private static let root = Shape.object(
        "a mapping",
        [
            .required("version", .integer(1...1), "Version of this kind of file."),
            .required("platform", .text(.id), "Id of the platform that the roles are of."),
            .optional(
                "templates", .map(keys: .id, values: .reference("template")), default: "{}",
                "Role templates that the customer defined, by id."),
            .required("rules", .list(rule), "What people get; all rules that match count."),
            .optional("tests", .list(test), default: "[]", "People made up, and exactly what they must get."),
        ])

    private static let rule = Shape.object(
        "a rule",
        [
            .optional("name", .text, default: "its place, as in rule 3", "What reports call the rule."),
            .required("when", .reference("condition"), "Who gets it."),
            .required("give", give, "What they get."),
            .optional(
                "otherwise", .object("otherwise", [.required("role", .text(.id), "The role that stands in.")]),
                "What they get while seats are short."),
            .optional("seat_priority", priority, default: "0", "Higher comes first when seats are short."),
            .optional("template_priority", priority, default: "0", "Higher wins where a user may have one template."),
            .optional(
                "privileged", .boolean, default: "false", "Needed to give what the platform file marks privileged."),
        ])

    private static let priority = Shape.integer(-1_000_000...1_000_000)

    package static let condition = Shape.object(
        "a condition",
        [
            .optional(
                "group", .oneOf([.text, .object("a group by id", [.required("id", .text, "Its immutable id.")])]),
                "A group the person is in: by cn, full DN or id; `desk-{workspace}` leaves a word open."),
            .optional("groups_under", .text, "DN that must be above the group; needed for a name with an open word."),
            .optional("nested", .boolean, default: "true", "Whether members of nested groups count."),
            .optional("attribute", attribute, "A trusted attribute of the person."),
            .optional("under", .text, "DN that must be above the person."),
            .optional("id", .oneOf([.text, .list(.text, count: 1...1_000)]), "Immutable ids of single people."),
            .optional("all", .list(.reference("condition"), count: 1...1_000), "Every one of these."),
            .optional("any", .list(.reference("condition"), count: 1...1_000), "At least one of these."),
            .optional("not", .reference("condition"), "Not this."),
        ],
        [
            .exactlyOne(["group", "attribute", "under", "id", "all", "any", "not"]),
            .needs("groups_under", "group"), .needs("nested", "group"),
        ])

    private static let attribute = Shape.object(
        "an attribute test",
        [
            .required("name", .text, "Name of the attribute."),
            .optional("equals", .text, "The value, in any case."),
            .optional("in", .list(.text, count: 1...1_000), "One of these values, in any case."),
            .optional("matches", .text, "A glob: `*` is any text, `?` one character; in any case."),
            .optional("present", .boolean, "True: there is a value at all."),
        ], [.exactlyOne(["equals", "in", "matches", "present"])])

    private static let give = Shape.object(
        "give",
        [
            .optional("workspace", .text, "The workspace, or the open word of the group's name: `\"{workspace}\"`."),
            .optional("role", .text(.id), default: "the platform's default role", "The role."),
            .optional("template", .text(.id), "The role template."),
            .optional(
                "templates", .list(.text(.id), count: 1...1_000), "Role templates, where a user may have several."),
            .optional("switches", .map(keys: .word, values: .boolean), "Switches to turn on."),
            .optional("permissions", .reference("settings"), "Permissions in addition to the role."),
            .optional("assistants", .map(keys: capturable, values: .text(.id)), "Roles on single assistants."),
        ], [.atMostOne(["template", "templates"]), .needs("assistants", "workspace")])

    /// An id, or an open word in braces.
    private static let capturable = TextPattern(
        what: "an id, or an open word in braces", regex: "^(\\{[a-z0-9]+(-[a-z0-9]+)*\\}|[a-z0-9]+(-[a-z0-9]+)*)$",
        longest: 66
    ) { text in
        let bytes = Array(text.utf8)
        let isOpen = bytes.first == UInt8(ascii: "{") && bytes.last == UInt8(ascii: "}") && bytes.count > 2
        let word = isOpen ? bytes[1..<(bytes.count - 1)] : bytes[...]
        return CapturedName.slug(word).map { $0.utf8.elementsEqual(word) } ?? false
    }

    private static let test = Shape.object(
        "a test",
        [
            .optional("name", .text, default: "its place, as in test 3", "What reports call the test."),
            .required(
                "person",
                .object(
                    "a person",
                    [
                        .optional(
                            "groups", .list(.text), default: "[]", "Groups the person is in, nested ones included."),
                        .optional(
                            "attributes", .map(keys: .any, values: .oneOf([.text, .list(.text)])), default: "{}",
                            "Values by name of the attribute."),
                        .optional("dn", .text, "The person's DN, for `under`."),
                        .optional("id", .text, "The person's immutable id, for `id`."),
                    ]), "Somebody made up."),
            .required("expect", expect, "Exactly what the rules must give; `{}` is nothing."),
        ])

    private static let expect = Shape.object(
        "expect",
        [
            .optional("role", .text(.id), "The role outside any workspace."),
            .optional(
                "workspaces",
                .map(
                    keys: .id,
                    values: .oneOf([
                        .text(.id),
                        .object(
                            "a workspace",
                            [
                                .required("role", .text(.id), "The role there."),
                                .optional(
                                    "assistants", .map(keys: .id, values: .text(.id)), "Roles on single assistants."),
                            ]),
                    ])), "The role in each workspace."),
            .optional("template", .text(.id), "The role template."),
            .optional("templates", .list(.text(.id)), "Role templates."),
            .optional("switches", .map(keys: .word, values: .boolean), "Switches that are on."),
            .optional("permissions", .reference("settings"), "Permissions in addition to the role."),
        ], [.atMostOne(["template", "templates"])])
}

package import Diagnostics
import Reconciliation

/// The description of approval files.
package enum ApprovalGrammar {
    package static let grammar = FileGrammar(
        name: "approval", title: "Rollcall: approval",
        root: .object(
            "an approval",
            [
                .required("version", .integer(1...1), "Version of this kind of file: 1."),
                .required("reason", .text, "Why, in words that say enough a year from now."),
                .required(
                    "valid",
                    .object(
                        "the validity",
                        [
                            .required("from", .text(TimeText.pattern), "From when it holds."),
                            .required("until", .text(TimeText.pattern), "Until when it holds."),
                        ]), "When it holds."),
                .required(
                    "targets", .oneOf([.choice(["all"]), .list(.text(.id), count: 1...1_000)]),
                    "The targets it is for, or all."),
                .optional("people", AgentGrammar.path, "CSV file of immutable ids: whom it covers."),
                .optional("here", .list(.text, count: 1...10_000), "Immutable ids: whom it covers."),
                .required("allow", .object("what is allowed", kinds), "Kinds and their most."),
            ], [.atMostOne(["people", "here"])]))

    private static let kinds: [Key] =
        GuardKind.allCases.filter { $0 != .groupShrink }.map { kind in
            .optional(kind.rawValue, .integer(1...100_000_000), "The most of this kind, as under `limits`.")
        } + [
            .optional(
                "group_shrink", .map(keys: .any, values: .integer(1...100_000_000)),
                "Groups, and how many members each may lose.")
        ]
}

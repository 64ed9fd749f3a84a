/// One step of the schema.
///
/// Steps are only ever appended; a step that was released is never changed.
struct Migration: Sendable {
    var name: String
    var statements: [String]

    /// Files with so many steps behind them can be read as they are: later steps only added tables.
    static let oldestReadable = 1

    /// Every step, in order; `user_version` counts those that a file has behind it.
    static let all: [Migration] = [
        Migration(
            name: "first roster",
            statements: MirrorTables.statements + FollowingTables.statements + UserTables.statements
                + RunTables.statements + OutboxTables.statements + ImageTables.statements + PartTables.statements
                + PublicViews.statements),
        Migration(name: "acknowledged findings", statements: AcknowledgementTables.statements),
    ]
}

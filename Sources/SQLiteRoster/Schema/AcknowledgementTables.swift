/// The table of findings that humans acknowledged, by target and key of the finding, and its public view.
///
/// It names targets by their names: what is only observed has findings, too, and no number here.
enum AcknowledgementTables {
    static let name = "acknowledgements"

    /// Whether the file has the table: one of before its step can be read, and nothing is acknowledged in it.
    static func isThere(_ connection: OpaquePointer) throws -> Bool {
        try integer(connection, "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = '\(name)'") == 1
    }

    static let statements = [
        """
        CREATE TABLE \(name) (
          target TEXT NOT NULL,
          finding_key TEXT NOT NULL,
          until INTEGER NOT NULL,
          reason TEXT NOT NULL,
          actor TEXT NOT NULL,
          since INTEGER NOT NULL,
          run INTEGER NOT NULL,
          PRIMARY KEY (target, finding_key)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE VIEW roster_acknowledgements AS
        SELECT a.target AS target, a.finding_key AS finding, \(PublicViews.time("a.until")) AS until,
          a.reason AS reason, a.actor AS actor, \(PublicViews.time("a.since")) AS since, a.run AS run
        FROM acknowledgements a
        """,
    ]
}

/// The table of messages that wait to be delivered.
///
/// A number is never given twice: a human names messages by it.
enum OutboxTables {
    static let statements = [
        """
        CREATE TABLE outbox (
          message INTEGER PRIMARY KEY AUTOINCREMENT,
          target INTEGER NOT NULL REFERENCES targets,
          user INTEGER NOT NULL REFERENCES users,
          label TEXT NOT NULL,
          key TEXT NOT NULL UNIQUE,
          run INTEGER NOT NULL,
          queued INTEGER NOT NULL,
          attempts INTEGER NOT NULL DEFAULT 0,
          next_try INTEGER NOT NULL DEFAULT 0,
          dead INTEGER NOT NULL DEFAULT 0 CHECK (dead IN (0, 1)),
          problem TEXT NOT NULL DEFAULT '',
          body TEXT NOT NULL
        ) STRICT
        """,
        "CREATE INDEX outbox_by_user ON outbox (user, message)",
        "CREATE INDEX outbox_dead ON outbox (target) WHERE dead = 1",
    ]
}

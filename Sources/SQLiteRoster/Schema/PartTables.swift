/// What a decision about part of the people needs beside the other tables: counts of everybody, and people by the times at which the
/// clock alone changes something about them.
enum PartTables {
    static let statements = [
        """
        CREATE TABLE baseline_matches (
          target INTEGER NOT NULL REFERENCES targets,
          instances BLOB NOT NULL,
          people INTEGER NOT NULL CHECK (people > 0),
          PRIMARY KEY (target, instances)
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX findings_by_person ON findings (target, directory, entry_id)",
        "CREATE INDEX findings_by_code ON findings (target, code)",
        "CREATE INDEX users_by_since ON users (since)",
        "CREATE INDEX users_by_sign_in ON users (last_sign_in) WHERE last_sign_in IS NOT NULL",
        "CREATE INDEX users_unmanaged ON users (target, access, status) WHERE managed = 0",
        "CREATE INDEX people_by_sign_in ON mirror_people (last_sign_in) WHERE last_sign_in IS NOT NULL",
        "CREATE INDEX user_causes_by_time ON user_causes (since)",
        "CREATE INDEX user_pending_by_time ON user_pending (first_seen)",
        "CREATE INDEX manual_grants_by_end ON manual_grants (until) WHERE until IS NOT NULL",
    ]
}

/// The tables of the mirror: people, groups and memberships as last read.
///
/// Numbers of people are given once and kept for good, so that the audit can name somebody who is gone. `mirror_entries` is
/// narrow: a night without change reads it and nothing else of the mirror. Memberships stand in both directions.
///
/// `person_keys`, `group_people`, `person_groups` and `group_groups` hold pairs of numbers in one, `first << 32 | second`: a table of bare integers is
/// a third of the size and of the time of one with two columns.
enum MirrorTables {
    static let statements = [
        """
        CREATE TABLE roster (
          id INTEGER PRIMARY KEY CHECK (id = 1),
          generation INTEGER NOT NULL
        ) STRICT
        """,
        "INSERT INTO roster (id, generation) VALUES (1, 0)",
        """
        CREATE TABLE migrations (
          number INTEGER PRIMARY KEY,
          name TEXT NOT NULL
        ) STRICT
        """,
        """
        CREATE TABLE directories (
          directory INTEGER PRIMARY KEY,
          name TEXT NOT NULL UNIQUE,
          place INTEGER,
          server TEXT,
          identity TEXT
        ) STRICT
        """,
        """
        CREATE TABLE change_stamps (
          directory INTEGER NOT NULL REFERENCES directories,
          place INTEGER NOT NULL,
          stamp TEXT NOT NULL,
          PRIMARY KEY (directory, place)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE attributes (
          place INTEGER PRIMARY KEY,
          name TEXT NOT NULL UNIQUE
        ) STRICT
        """,
        """
        CREATE TABLE mirror_entries (
          directory INTEGER NOT NULL,
          entry_id BLOB NOT NULL CHECK (length(entry_id) BETWEEN 1 AND 16),
          person INTEGER NOT NULL,
          hash INTEGER,
          PRIMARY KEY (directory, entry_id)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE mirror_people (
          person INTEGER PRIMARY KEY,
          directory INTEGER NOT NULL,
          entry_id BLOB NOT NULL,
          state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 255),
          problems INTEGER NOT NULL CHECK (problems BETWEEN 0 AND 255),
          last_sign_in INTEGER,
          record BLOB
        ) STRICT
        """,
        """
        CREATE TABLE person_keys (
          pair INTEGER PRIMARY KEY
        ) STRICT
        """,
        """
        CREATE TABLE mirror_groups (
          grp INTEGER PRIMARY KEY,
          directory INTEGER NOT NULL REFERENCES directories,
          entry_id BLOB NOT NULL CHECK (length(entry_id) BETWEEN 1 AND 16),
          dn BLOB NOT NULL,
          name BLOB NOT NULL,
          unresolved INTEGER NOT NULL,
          hash INTEGER NOT NULL,
          loose INTEGER NOT NULL DEFAULT 0,
          UNIQUE (directory, entry_id)
        ) STRICT
        """,
        """
        CREATE TABLE group_people (
          pair INTEGER PRIMARY KEY
        ) STRICT
        """,
        """
        CREATE TABLE person_groups (
          pair INTEGER PRIMARY KEY
        ) STRICT
        """,
        """
        CREATE TABLE group_groups (
          pair INTEGER PRIMARY KEY
        ) STRICT
        """,
        "CREATE INDEX group_groups_by_member ON group_groups (pair & 0xffffffff)",
        """
        CREATE TABLE account_ends (
          state INTEGER NOT NULL,
          ends INTEGER NOT NULL,
          person INTEGER NOT NULL,
          PRIMARY KEY (state, ends, person)
        ) STRICT, WITHOUT ROWID
        """,
    ]
}

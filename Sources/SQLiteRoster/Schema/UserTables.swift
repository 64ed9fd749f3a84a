/// The tables of users: what people have on targets, with what many share stored once.
enum UserTables {
    static let statements = [
        """
        CREATE TABLE targets (
          target INTEGER PRIMARY KEY,
          name TEXT NOT NULL UNIQUE,
          sign_ins_imported INTEGER,
          findings_digest INTEGER,
          paused_by INTEGER
        ) STRICT
        """,
        """
        CREATE TABLE texts (
          text_number INTEGER PRIMARY KEY,
          hash INTEGER NOT NULL,
          text TEXT NOT NULL
        ) STRICT
        """,
        "CREATE INDEX texts_by_hash ON texts (hash)",
        """
        CREATE TABLE accesses (
          access INTEGER PRIMARY KEY,
          target INTEGER NOT NULL REFERENCES targets,
          text TEXT NOT NULL,
          effective TEXT NOT NULL,
          UNIQUE (target, text)
        ) STRICT
        """,
        """
        CREATE TABLE access_parts (
          access INTEGER NOT NULL REFERENCES accesses,
          place INTEGER NOT NULL,
          kind TEXT NOT NULL CHECK (kind IN ('role', 'template', 'switch', 'grant', 'permission')),
          scope TEXT NOT NULL,
          name TEXT NOT NULL,
          value TEXT NOT NULL,
          PRIMARY KEY (access, place)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE access_permissions (
          access INTEGER NOT NULL REFERENCES accesses,
          place INTEGER NOT NULL,
          scope TEXT NOT NULL,
          area TEXT NOT NULL,
          permission TEXT NOT NULL,
          PRIMARY KEY (access, place)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE group_sets (
          group_set INTEGER PRIMARY KEY,
          hash INTEGER NOT NULL,
          members BLOB NOT NULL
        ) STRICT
        """,
        "CREATE INDEX group_sets_by_hash ON group_sets (hash)",
        """
        CREATE TABLE users (
          user INTEGER PRIMARY KEY,
          target INTEGER NOT NULL REFERENCES targets,
          person INTEGER NOT NULL,
          directory INTEGER NOT NULL,
          entry_id BLOB NOT NULL CHECK (length(entry_id) BETWEEN 1 AND 16),
          email TEXT NOT NULL,
          name TEXT NOT NULL,
          status INTEGER NOT NULL CHECK (status BETWEEN 0 AND 3),
          managed INTEGER NOT NULL CHECK (managed IN (0, 1)),
          access INTEGER NOT NULL REFERENCES accesses,
          group_set INTEGER NOT NULL,
          reason INTEGER,
          since INTEGER NOT NULL,
          last_sign_in INTEGER,
          version INTEGER NOT NULL CHECK (version > 0)
        ) STRICT
        """,
        "CREATE UNIQUE INDEX users_by_person ON users (person, target)",
        "CREATE INDEX users_away ON users (target, status) WHERE status >= 2",
        """
        CREATE TABLE user_emails (
          target INTEGER NOT NULL,
          email_key TEXT NOT NULL,
          user INTEGER NOT NULL,
          PRIMARY KEY (target, email_key)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE user_details (
          user INTEGER PRIMARY KEY REFERENCES users,
          status_before INTEGER CHECK (status_before BETWEEN 0 AND 3),
          status_since INTEGER
        ) STRICT
        """,
        """
        CREATE TABLE user_causes (
          user INTEGER NOT NULL REFERENCES users,
          kind TEXT NOT NULL,
          since INTEGER NOT NULL,
          set_by TEXT NOT NULL,
          reason TEXT NOT NULL,
          PRIMARY KEY (user, kind)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE user_pending (
          user INTEGER NOT NULL REFERENCES users,
          kind TEXT NOT NULL,
          first_seen INTEGER NOT NULL,
          runs INTEGER NOT NULL,
          PRIMARY KEY (user, kind)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE user_lifted (
          user INTEGER NOT NULL REFERENCES users,
          kind TEXT NOT NULL,
          PRIMARY KEY (user, kind)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE manual_grants (
          user INTEGER NOT NULL REFERENCES users,
          part TEXT NOT NULL,
          kind TEXT NOT NULL,
          scope TEXT NOT NULL,
          name TEXT NOT NULL,
          value TEXT NOT NULL,
          given_by TEXT NOT NULL,
          reason TEXT NOT NULL,
          since INTEGER NOT NULL,
          until INTEGER,
          PRIMARY KEY (user, part)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE accounts (
          target INTEGER NOT NULL REFERENCES targets,
          account TEXT NOT NULL CHECK (account <> ''),
          user INTEGER NOT NULL UNIQUE REFERENCES users,
          PRIMARY KEY (target, account)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE access_users (
          access INTEGER NOT NULL REFERENCES accesses,
          status INTEGER NOT NULL,
          users INTEGER NOT NULL CHECK (users > 0),
          PRIMARY KEY (access, status)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE waiting (
          target INTEGER NOT NULL REFERENCES targets,
          directory INTEGER NOT NULL,
          entry_id BLOB NOT NULL CHECK (length(entry_id) BETWEEN 1 AND 16),
          scope INTEGER NOT NULL,
          role INTEGER NOT NULL,
          person INTEGER NOT NULL,
          seat_priority INTEGER NOT NULL,
          since INTEGER NOT NULL,
          for_pace INTEGER NOT NULL CHECK (for_pace IN (0, 1)),
          is_first INTEGER NOT NULL CHECK (is_first IN (0, 1)),
          label TEXT NOT NULL,
          PRIMARY KEY (target, directory, entry_id, scope, role)
        ) STRICT, WITHOUT ROWID
        """,
    ]
}

/// The tables that undoing a run needs: what users were before it, whom it created, and who stood in line.
///
/// What a run left of a user is the user's next image, or the row itself where there is none.
enum ImageTables {
    static let statements = [
        """
        CREATE TABLE user_images (
          run INTEGER NOT NULL,
          user INTEGER NOT NULL,
          email TEXT NOT NULL,
          name TEXT NOT NULL,
          status INTEGER NOT NULL,
          managed INTEGER NOT NULL,
          access INTEGER NOT NULL,
          group_set INTEGER NOT NULL,
          reason INTEGER,
          since INTEGER NOT NULL,
          last_sign_in INTEGER,
          version INTEGER NOT NULL,
          details TEXT,
          PRIMARY KEY (run, user)
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX user_images_by_user ON user_images (user, run)",
        """
        CREATE TABLE created_users (
          run INTEGER NOT NULL,
          target INTEGER NOT NULL REFERENCES targets,
          first INTEGER NOT NULL,
          last INTEGER NOT NULL,
          PRIMARY KEY (run, target)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE waiting_images (
          run INTEGER NOT NULL,
          target INTEGER NOT NULL REFERENCES targets,
          directory INTEGER NOT NULL,
          entry_id BLOB NOT NULL,
          scope INTEGER NOT NULL,
          role INTEGER NOT NULL,
          seat_priority INTEGER NOT NULL,
          since INTEGER NOT NULL,
          for_pace INTEGER NOT NULL,
          is_first INTEGER NOT NULL,
          PRIMARY KEY (run, target, directory, entry_id, scope, role)
        ) STRICT, WITHOUT ROWID
        """,
    ]
}

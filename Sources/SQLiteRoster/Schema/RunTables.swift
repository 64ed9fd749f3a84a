/// The tables of runs: what each did and what the next one compares with.
///
/// The audit can only grow.
enum RunTables {
    static let statements = [
        """
        CREATE TABLE seats (
          target INTEGER NOT NULL REFERENCES targets,
          scope TEXT NOT NULL,
          class TEXT NOT NULL,
          seat_limit INTEGER NOT NULL,
          price TEXT,
          held_before INTEGER NOT NULL,
          freed INTEGER NOT NULL,
          given INTEGER NOT NULL,
          held INTEGER NOT NULL,
          waiting INTEGER NOT NULL,
          oldest_waiting INTEGER,
          reclaimable INTEGER NOT NULL,
          on_leave INTEGER NOT NULL,
          PRIMARY KEY (target, scope, class)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE seat_history (
          target INTEGER NOT NULL REFERENCES targets,
          scope TEXT NOT NULL,
          class TEXT NOT NULL,
          run INTEGER NOT NULL,
          time INTEGER NOT NULL,
          seat_limit INTEGER NOT NULL,
          freed INTEGER NOT NULL,
          given INTEGER NOT NULL,
          held INTEGER NOT NULL,
          waiting INTEGER NOT NULL,
          PRIMARY KEY (target, scope, class, run)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE guard_counts (
          target INTEGER NOT NULL REFERENCES targets,
          run INTEGER NOT NULL,
          kind TEXT NOT NULL,
          time INTEGER NOT NULL,
          people INTEGER NOT NULL CHECK (people > 0),
          PRIMARY KEY (target, run, kind)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE findings (
          target INTEGER NOT NULL REFERENCES targets,
          place INTEGER NOT NULL,
          code TEXT NOT NULL,
          weight INTEGER NOT NULL,
          directory TEXT,
          entry_id BLOB,
          label TEXT NOT NULL,
          message TEXT NOT NULL,
          hint TEXT NOT NULL,
          PRIMARY KEY (target, place)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE baselines (
          target INTEGER PRIMARY KEY REFERENCES targets,
          run INTEGER NOT NULL,
          time INTEGER NOT NULL
        ) STRICT
        """,
        """
        CREATE TABLE baseline_directories (
          target INTEGER NOT NULL REFERENCES targets,
          directory TEXT NOT NULL,
          people INTEGER,
          groups_seen INTEGER,
          PRIMARY KEY (target, directory)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE baseline_groups (
          target INTEGER NOT NULL REFERENCES targets,
          directory TEXT NOT NULL,
          entry_id BLOB NOT NULL,
          name TEXT NOT NULL,
          dn TEXT NOT NULL,
          people INTEGER NOT NULL,
          counted_in INTEGER,
          PRIMARY KEY (target, directory, entry_id)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE fingerprints (
          target INTEGER NOT NULL REFERENCES targets,
          name TEXT NOT NULL,
          digest TEXT NOT NULL,
          PRIMARY KEY (target, name)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE pins (
          target TEXT NOT NULL,
          reference TEXT NOT NULL,
          directory TEXT NOT NULL,
          entry_id BLOB NOT NULL,
          name TEXT NOT NULL,
          dn TEXT NOT NULL,
          PRIMARY KEY (target, reference)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE protected_people (
          target INTEGER NOT NULL REFERENCES targets,
          directory TEXT NOT NULL,
          entry_id BLOB NOT NULL,
          PRIMARY KEY (target, directory, entry_id)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE approvals_used (
          digest TEXT NOT NULL,
          kind TEXT NOT NULL,
          group_name TEXT NOT NULL,
          file TEXT NOT NULL,
          used INTEGER NOT NULL,
          PRIMARY KEY (digest, kind, group_name)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE approval_uses (
          run INTEGER NOT NULL,
          target INTEGER NOT NULL REFERENCES targets,
          digest TEXT NOT NULL,
          kind TEXT NOT NULL,
          group_name TEXT NOT NULL,
          file TEXT NOT NULL,
          people INTEGER NOT NULL,
          PRIMARY KEY (run, target, digest, kind, group_name)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE runs (
          run INTEGER PRIMARY KEY,
          command TEXT NOT NULL,
          actor TEXT NOT NULL,
          started INTEGER NOT NULL,
          ended INTEGER NOT NULL,
          outcome TEXT NOT NULL CHECK (outcome IN ('applied', 'partly_held', 'held', 'failed')),
          exit_status INTEGER NOT NULL,
          summary TEXT NOT NULL,
          version TEXT NOT NULL,
          applied INTEGER NOT NULL CHECK (applied IN (0, 1)),
          audit_digest BLOB NOT NULL,
          roster_digest BLOB NOT NULL,
          previous BLOB NOT NULL,
          hash BLOB NOT NULL
        ) STRICT
        """,
        """
        CREATE TABLE run_targets (
          run INTEGER NOT NULL REFERENCES runs,
          place INTEGER NOT NULL,
          target TEXT NOT NULL,
          mode TEXT NOT NULL,
          held INTEGER NOT NULL CHECK (held IN (0, 1)),
          counts TEXT NOT NULL,
          holds TEXT NOT NULL,
          finding_keys INTEGER NOT NULL REFERENCES texts,
          PRIMARY KEY (run, place)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE audit (
          entry INTEGER PRIMARY KEY,
          run INTEGER NOT NULL,
          target INTEGER NOT NULL,
          person INTEGER NOT NULL,
          kind INTEGER NOT NULL,
          evidence INTEGER NOT NULL,
          scope INTEGER,
          before INTEGER,
          after INTEGER,
          reason INTEGER,
          access INTEGER,
          label INTEGER
        ) STRICT
        """,
        "CREATE TABLE digests (part TEXT PRIMARY KEY, digest BLOB NOT NULL) STRICT, WITHOUT ROWID",
        "CREATE TABLE audit_runs (run INTEGER PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL) STRICT",
        """
        CREATE TABLE audit_people (
          person INTEGER NOT NULL,
          entry INTEGER NOT NULL,
          PRIMARY KEY (person, entry)
        ) STRICT, WITHOUT ROWID
        """,
        appendOnly("audit", "UPDATE"), appendOnly("audit", "DELETE"),
        appendOnly("audit_runs", "UPDATE"), appendOnly("audit_runs", "DELETE"),
        appendOnly("audit_people", "UPDATE"), appendOnly("audit_people", "DELETE"),
        appendOnly("runs", "UPDATE"), appendOnly("runs", "DELETE"),
        appendOnly("approval_uses", "UPDATE"), appendOnly("approval_uses", "DELETE"),
        appendOnly("run_targets", "UPDATE"), appendOnly("run_targets", "DELETE"),
    ]

    private static func appendOnly(_ table: String, _ act: String) -> String {
        """
        CREATE TRIGGER \(table)_refuses_\(act.lowercased()) BEFORE \(act) ON \(table)
        BEGIN SELECT RAISE(ABORT, '\(table) can only grow'); END
        """
    }
}

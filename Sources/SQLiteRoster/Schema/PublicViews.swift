/// The public face of the roster: views that stay stable while the tables behind them change.
///
/// Documented column by column in `docs/reference/roster.md`.
enum PublicViews {
    static let names = [
        "roster_users", "roster_accounts", "roster_access", "roster_permissions", "roster_seats", "roster_waiting",
        "roster_runs", "roster_audit", "roster_findings", "roster_seat_history", "roster_approvals", "roster_outbox",
        "roster_acknowledgements",
    ]

    static let statements = [
        """
        CREATE VIEW roster_users AS
        SELECT t.name AS target, u.email AS email, u.name AS name, \(status("u.status")) AS status,
          u.managed AS managed, d.name AS directory,
          CASE u.managed WHEN 1 THEN \(id("u.entry_id")) END AS person_id,
          \(time("u.since")) AS since, \(time("u.last_sign_in")) AS last_sign_in,
          (SELECT \(time("x.status_since")) FROM user_details x WHERE x.user = u.user) AS status_since,
          (SELECT group_concat(c.kind, ',') FROM (SELECT kind FROM user_causes WHERE user = u.user ORDER BY kind) c)
            AS causes,
          (SELECT r.text FROM texts r WHERE r.text_number = u.reason) AS reason,
          u.version AS version, u.user AS user_number
        FROM users u JOIN targets t ON t.target = u.target JOIN directories d ON d.directory = u.directory
        """,
        """
        CREATE VIEW roster_accounts AS
        SELECT t.name AS target, a.account AS account, u.email AS email, u.managed AS managed, u.user AS user_number
        FROM accounts a JOIN targets t ON t.target = a.target JOIN users u ON u.user = a.user
        """,
        """
        CREATE VIEW roster_access AS
        SELECT t.name AS target, u.email AS email, \(status("u.status")) AS status, p.kind AS kind, p.scope AS scope,
          p.name AS name, p.value AS value, coalesce(m.given_by, 'rules') AS given_by, \(time("m.until")) AS until,
          u.user AS user_number
        FROM users u JOIN targets t ON t.target = u.target JOIN access_parts p ON p.access = u.access
          LEFT JOIN manual_grants m ON m.user = u.user AND m.kind = p.kind AND m.scope = p.scope AND m.name = p.name
        WHERE u.status <> 3
        """,
        """
        CREATE VIEW roster_permissions AS
        SELECT t.name AS target, u.email AS email, p.scope AS scope, p.area AS area, p.permission AS permission, u.user AS user_number
        FROM users u JOIN targets t ON t.target = u.target JOIN access_permissions p ON p.access = u.access
        WHERE u.status IN (0, 1)
        """,
        """
        CREATE VIEW roster_seats AS
        SELECT t.name AS target, s.scope AS scope, s.class AS class, s.seat_limit AS seat_limit, s.held AS held,
          max(s.seat_limit - s.held, 0) AS free, s.waiting AS waiting, \(time("s.oldest_waiting")) AS oldest_waiting,
          s.price AS price, s.reclaimable AS reclaimable, s.on_leave AS on_leave
        FROM seats s JOIN targets t ON t.target = s.target
        """,
        """
        CREATE VIEW roster_seat_history AS
        SELECT t.name AS target, h.scope AS scope, h.class AS class, h.run AS run, \(time("h.time")) AS time,
          h.seat_limit AS seat_limit, h.freed AS freed, h.given AS given, h.held AS held, h.waiting AS waiting
        FROM seat_history h JOIN targets t ON t.target = h.target
        """,
        """
        CREATE VIEW roster_waiting AS
        SELECT t.name AS target, w.label AS email, s.text AS scope, r.text AS role, w.seat_priority AS seat_priority,
          \(time("w.since")) AS since, CASE w.for_pace WHEN 1 THEN 'pace' ELSE 'seat' END AS waits_for,
          w.is_first AS is_first, d.name AS directory, \(id("w.entry_id")) AS person_id
        FROM waiting w JOIN targets t ON t.target = w.target JOIN directories d ON d.directory = w.directory
          JOIN texts s ON s.text_number = w.scope JOIN texts r ON r.text_number = w.role
        """,
        """
        CREATE VIEW roster_runs AS
        SELECT r.run AS run, r.command AS command, r.actor AS actor, \(time("r.started")) AS started,
          \(time("r.ended")) AS ended, r.outcome AS outcome, r.applied AS applied, r.exit_status AS exit_status,
          r.summary AS summary, r.version AS version
        FROM runs r
        """,
        """
        CREATE VIEW roster_audit AS
        SELECT a.entry AS entry, a.run AS run, \(time("r.started")) AS time, t.name AS target,
          coalesce((SELECT x.text FROM texts x WHERE x.text_number = a.label), (SELECT u.email FROM users u WHERE u.person = a.person AND u.target = a.target)) AS email,
          (SELECT d.name FROM mirror_people m JOIN directories d ON d.directory = m.directory
            WHERE m.person = a.person) AS directory,
          (SELECT \(id("m.entry_id")) FROM mirror_people m WHERE m.person = a.person) AS person_id,
          \(change("a.kind")) AS change, (SELECT x.text FROM texts x WHERE x.text_number = a.scope) AS scope,
          (SELECT x.text FROM texts x WHERE x.text_number = a.before) AS before,
          (SELECT x.text FROM texts x WHERE x.text_number = a.after) AS after,
          (SELECT x.text FROM texts x WHERE x.text_number = a.reason) AS reason,
          CASE a.evidence WHEN 0 THEN 'positive' ELSE 'absence' END AS evidence, r.actor AS actor
        FROM audit a JOIN runs r ON r.run = a.run JOIN targets t ON t.target = a.target
        """,
        """
        CREATE VIEW roster_approvals AS
        SELECT a.run AS run, \(time("r.started")) AS time, t.name AS target, a.file AS file, a.kind AS kind,
          a.group_name AS group_name, a.people AS people, a.digest AS digest
        FROM approval_uses a JOIN runs r ON r.run = a.run JOIN targets t ON t.target = a.target
        """,
        """
        CREATE VIEW roster_findings AS
        SELECT t.name AS target, f.code AS code,
          CASE f.weight WHEN 0 THEN 'note' WHEN 1 THEN 'warning' ELSE 'severe' END AS weight, f.label AS label,
          f.message AS message, f.hint AS hint, f.directory AS directory,
          CASE WHEN f.entry_id IS NULL THEN NULL ELSE \(id("f.entry_id")) END AS person_id
        FROM findings f JOIN targets t ON t.target = f.target
        """,
        """
        CREATE VIEW roster_outbox AS
        SELECT o.message AS message, t.name AS target, o.label AS email, o.key AS key, o.run AS run,
          \(time("o.queued")) AS queued, CASE o.dead WHEN 1 THEN 'given up' ELSE 'waiting' END AS state,
          o.attempts AS attempts, CASE WHEN o.attempts > 0 AND o.dead = 0 THEN \(time("o.next_try")) END AS next_try,
          o.problem AS problem, o.body AS body, o.user AS user_number
        FROM outbox o JOIN targets t ON t.target = o.target
        """,
    ]

    /// UTC in RFC 3339.
    static func time(_ column: String) -> String {
        "strftime('%Y-%m-%dT%H:%M:%SZ', \(column), 'unixepoch')"
    }

    private static func status(_ column: String) -> String {
        "CASE \(column) WHEN 0 THEN 'invited' WHEN 1 THEN 'active' WHEN 2 THEN 'suspended' ELSE 'removed' END"
    }

    /// A UUID with dashes where the id has 16 bytes; otherwise hexadecimal after `0x`.
    private static func id(_ column: String) -> String {
        let digits = "lower(hex(\(column)))"
        let pieces = [(1, 8), (9, 4), (13, 4), (17, 4), (21, 12)].map { "substr(\(digits), \($0.0), \($0.1))" }
        return "CASE length(\(column)) WHEN 16 THEN \(pieces.joined(separator: " || '-' || ")) "
            + "ELSE '0x' || \(digits) END"
    }

    private static func change(_ column: String) -> String {
        let cases = StoredCode.changes.map { "WHEN \($0.code) THEN '\($0.kind)'" }
        return "CASE \(column) \(cases.joined(separator: " ")) END"
    }
}

/// Everything the roster means, as ordered text without its own numbers: two rosters with equal dumps hold the same.
///
/// Runs that were only recorded (failed, wholly held) are left out, and so is the generation.
struct RosterDump {
    var connection: OpaquePointer

    func forEachLine(_ body: (String) throws -> Void) throws { try forEachLine(of: RosterDump.sections, body) }

    /// What follows from the mirror and the keys of directories: what changes are worked out by.
    func forEachNameLine(_ body: (String) throws -> Void) throws { try forEachLine(of: RosterDump.names, body) }

    private func forEachLine(of sections: [Section], _ body: (String) throws -> Void) throws {
        for section in sections {
            let columns = section.columns.map { "quote(\($0))" }.joined(separator: " || ' ' || ")
            let rows = try SQLStatement(connection, "SELECT \(columns) FROM \(section.source) ORDER BY 1")
            try rows.forEach { try body("\(section.name) \(rows.text(0))") }
        }
    }

    private struct Section {
        var name: String
        var columns: [String]
        var source: String
    }

    private static let person = """
        (SELECT d.name || ' ' || hex(m.entry_id) FROM mirror_people m JOIN directories d USING (directory) \
        WHERE m.person = p.person)
        """

    private static func text(_ column: String) -> String {
        "(SELECT x.text FROM texts x WHERE x.text_number = \(column))"
    }

    private static let names: [Section] = [
        Section(
            name: "followed", columns: ["d.name", "f.key_first", "f.key_second", "f.named"],
            source: "followed f JOIN directories d USING (directory)"),
        Section(
            name: "person-name", columns: ["p.hash", person],
            source: "(SELECT pair & 0xffffffff AS person, pair >> 32 AS hash FROM person_names) p"),
        Section(
            name: "group-name", columns: ["p.hash", "g.directory", "g.entry_id"],
            source:
                "(SELECT pair & 0xffffffff AS grp, pair >> 32 AS hash FROM group_names) p LEFT JOIN mirror_groups g USING (grp)"
        ),
        Section(
            name: "loose", columns: ["g.directory", "g.entry_id", "g.loose", "l.name", "l.count"],
            source: "loose_members l LEFT JOIN mirror_groups g USING (grp)"),
        Section(
            name: "loose-group", columns: ["p.hash", "g.directory", "g.entry_id"],
            source:
                "(SELECT pair & 0xffffffff AS grp, pair >> 32 AS hash FROM loose_groups) p LEFT JOIN mirror_groups g USING (grp)"
        ),
        Section(name: "end", columns: ["p.state", "p.ends", person], source: "account_ends p"),
    ]

    private static let sections: [Section] = [
        Section(
            name: "acknowledged", columns: ["target", "finding_key", "until", "reason", "actor", "since", "run"],
            source: "acknowledgements"),
        Section(
            name: "directory", columns: ["name", "place", "server", "identity"],
            source: "directories WHERE place IS NOT NULL OR server IS NOT NULL"),
        Section(
            name: "stamp", columns: ["d.name", "s.place", "s.stamp"],
            source: "change_stamps s JOIN directories d USING (directory)"),
        Section(name: "attribute", columns: ["place", "name"], source: "attributes"),
        Section(
            name: "person",
            columns: [
                "d.name", "e.entry_id", "e.hash", "p.state", "p.problems", "p.last_sign_in", "p.record", "p.entry_id",
            ],
            source: """
                mirror_entries e JOIN directories d USING (directory) JOIN mirror_people p USING (person) \
                WHERE e.hash IS NOT NULL
                """),
        Section(
            name: "key", columns: [person, "p.key"],
            source: "(SELECT pair & 0xffffffff AS person, pair >> 32 AS key FROM person_keys) p"),
        Section(
            name: "group",
            columns: ["d.name", "g.entry_id", "g.dn", "g.name", "g.unresolved", "g.hash"],
            source: "mirror_groups g JOIN directories d USING (directory)"),
        Section(
            name: "member", columns: ["g.directory", "g.entry_id", person],
            source:
                "(SELECT pair >> 32 AS grp, pair & 0xffffffff AS person FROM group_people) p JOIN mirror_groups g USING (grp)"
        ),
        Section(
            name: "membership", columns: ["g.directory", "g.entry_id", person],
            source:
                "(SELECT pair & 0xffffffff AS grp, pair >> 32 AS person FROM person_groups) p JOIN mirror_groups g USING (grp)"
        ),
        Section(
            name: "nested", columns: ["g.directory", "g.entry_id", "i.directory", "i.entry_id"],
            source: """
                group_groups n JOIN mirror_groups g ON g.grp = n.pair >> 32 \
                JOIN mirror_groups i ON i.grp = n.pair & 0xffffffff
                """),
        Section(
            name: "target", columns: ["name", "sign_ins_imported"],
            source: "targets WHERE target IN (SELECT target FROM users UNION SELECT target FROM baselines)"),
        Section(
            name: "user",
            columns: [
                "t.name", "d.name", "p.entry_id", person, "p.email", "p.name", "p.status", "p.managed", "a.text",
                "a.effective", "s.members", text("p.reason"), "p.since", "p.last_sign_in", "p.version",
            ],
            source: """
                users p JOIN targets t USING (target) JOIN directories d ON d.directory = p.directory \
                JOIN accesses a ON a.access = p.access JOIN group_sets s USING (group_set)
                """),
        Section(
            name: "email", columns: ["t.name", "p.email_key", "u.email"],
            source: "user_emails p JOIN targets t USING (target) JOIN users u USING (user)"),
        Section(
            name: "account", columns: ["t.name", "x.account", "u.directory", "u.entry_id"],
            source: "accounts x JOIN targets t USING (target) JOIN users u USING (user)"),
        Section(
            name: "detail", columns: ["u.target", "u.entry_id", "x.status_before", "x.status_since"],
            source: "user_details x JOIN users u USING (user)"),
        Section(
            name: "cause", columns: ["u.target", "u.entry_id", "x.kind", "x.since", "x.set_by", "x.reason"],
            source: "user_causes x JOIN users u USING (user)"),
        Section(
            name: "pending", columns: ["u.target", "u.entry_id", "x.kind", "x.first_seen", "x.runs"],
            source: "user_pending x JOIN users u USING (user)"),
        Section(
            name: "lifted", columns: ["u.target", "u.entry_id", "x.kind"],
            source: "user_lifted x JOIN users u USING (user)"),
        Section(
            name: "manual",
            columns: ["u.target", "u.entry_id", "x.part", "x.given_by", "x.reason", "x.since", "x.until"],
            source: "manual_grants x JOIN users u USING (user)"),
        Section(
            name: "count", columns: ["t.name", "a.text", "c.status", "c.users"],
            source: "access_users c JOIN accesses a USING (access) JOIN targets t USING (target)"),
        Section(
            name: "access-part", columns: ["a.target", "a.text", "x.place", "x.kind", "x.scope", "x.name", "x.value"],
            source: "access_parts x JOIN accesses a USING (access)"),
        Section(
            name: "permission", columns: ["a.target", "a.text", "x.place", "x.scope", "x.area", "x.permission"],
            source: "access_permissions x JOIN accesses a USING (access)"),
        Section(
            name: "waiting",
            columns: [
                "t.name", person, "p.entry_id", text("p.scope"), text("p.role"), "p.seat_priority", "p.since",
                "p.for_pace", "p.is_first", "p.label",
            ],
            source: "waiting p JOIN targets t USING (target)"),
        Section(
            name: "seats",
            columns: [
                "t.name", "s.scope", "s.class", "s.seat_limit", "s.price", "s.held_before", "s.freed", "s.given",
                "s.held", "s.waiting", "s.oldest_waiting", "s.reclaimable", "s.on_leave",
            ],
            source: "seats s JOIN targets t USING (target)"),
        Section(
            name: "seat-history",
            columns: [
                "t.name", "s.scope", "s.class", "s.run", "s.time", "s.seat_limit", "s.freed", "s.given", "s.held",
                "s.waiting",
            ],
            source: "seat_history s JOIN targets t USING (target)"),
        Section(
            name: "guard-count", columns: ["t.name", "c.run", "c.kind", "c.time", "c.people"],
            source: "guard_counts c JOIN targets t USING (target)"),
        Section(
            name: "finding",
            columns: [
                "t.name", "f.code", "f.weight", "f.directory", "f.entry_id", "f.label", "f.message",
                "f.hint",
            ],
            source: "findings f JOIN targets t USING (target)"),
        Section(
            name: "baseline", columns: ["t.name", "b.run", "b.time"],
            source: "baselines b JOIN targets t USING (target)"),
        Section(
            name: "baseline-directory", columns: ["t.name", "b.directory", "b.people", "b.groups_seen"],
            source: "baseline_directories b JOIN targets t USING (target)"),
        Section(
            name: "baseline-group", columns: ["t.name", "b.directory", "b.entry_id", "b.name", "b.dn", "b.people"],
            source: "baseline_groups b JOIN targets t USING (target)"),
        Section(
            name: "baseline-match", columns: ["t.name", "m.instances", "m.people"],
            source: "baseline_matches m JOIN targets t USING (target)"),
        Section(
            name: "fingerprint", columns: ["t.name", "f.name", "f.digest"],
            source: "fingerprints f JOIN targets t USING (target)"),
        Section(
            name: "pin", columns: ["target", "reference", "directory", "entry_id", "name", "dn"], source: "pins"),
        Section(
            name: "protected", columns: ["t.name", "p.directory", "p.entry_id"],
            source: "protected_people p JOIN targets t USING (target)"),
        Section(name: "approval", columns: ["digest", "kind", "group_name", "file", "used"], source: "approvals_used"),
        Section(
            name: "approval-use",
            columns: ["a.run", "t.name", "a.digest", "a.kind", "a.group_name", "a.file", "a.people"],
            source: "approval_uses a JOIN targets t USING (target)"),
        Section(
            name: "message",
            columns: [
                "o.message", "t.name", "o.label", "o.key", "o.run", "o.queued", "o.attempts", "o.next_try", "o.dead",
                "o.problem", "o.body",
            ],
            source: "outbox o JOIN targets t USING (target)"),
        Section(
            name: "run",
            columns: [
                "run", "command", "actor", "started", "ended", "outcome", "exit_status", "summary", "version",
            ],
            source: "runs WHERE applied = 1"),
        Section(
            name: "run-target",
            columns: [
                "x.run", "x.place", "x.target", "x.mode", "x.held", "x.counts", "x.holds", text("x.finding_keys"),
            ],
            source: "run_targets x JOIN runs r USING (run) WHERE r.applied = 1"),
        Section(
            name: "audit",
            columns: [
                "p.entry", "p.run", "t.name", person, "p.kind", "p.evidence", text("p.scope"), text("p.before"),
                text("p.after"), text("p.reason"), "a.text", text("p.label"),
                "(SELECT count(*) FROM audit_people i WHERE i.person = p.person AND i.entry = p.entry)",
            ],
            source: "audit p JOIN targets t USING (target) LEFT JOIN accesses a ON a.access = p.access"),
    ]
}

extension SQLiteRoster {
    /// The whole roster as ordered text, a line for each fact: for tests and for comparing two rosters.
    package func dump() throws -> String {
        try read { connection in
            var lines: [String] = []
            try RosterDump(connection: connection).forEachLine { lines.append($0) }
            return lines.joined(separator: "\n")
        }
    }

    /// What changes of followed directories are worked out by, as ordered text; equal where mirrors and keys are.
    package func nameDump() throws -> String {
        try read { connection in
            var lines: [String] = []
            try RosterDump(connection: connection).forEachNameLine { lines.append($0) }
            return lines.joined(separator: "\n")
        }
    }
}

/// What a list is about and which facts its rows hold; rows follow one by one through `ListingWriter`.
package struct Listing: Sendable {
    /// One fact that every row has.
    package struct Column: Sendable {
        /// Name for programs and the head of a sheet: `last_sign_in`.
        package var key: String
        /// Head of the column for people.
        package var title: String
        package var isNumber: Bool

        package init(_ key: String, _ title: String, isNumber: Bool = false) {
            self.key = key
            self.title = title
            self.isNumber = isNumber
        }
    }

    /// Name and version for programs: `rollcall.users/1`.
    package var format: String
    /// What a row is, one and several, for people.
    package var noun: String
    package var nouns: String
    /// Under this name JSON has the rows.
    package var plural: String
    package var columns: [Column]
    /// Keys of columns that a narrow terminal does without, the first of them first.
    package var expendable: [String]

    package init(
        format: String, noun: String, nouns: String? = nil, plural: String, columns: [Column], expendable: [String] = []
    ) {
        self.format = format
        self.noun = noun
        self.nouns = nouns ?? noun + "s"
        self.plural = plural
        self.columns = columns
        self.expendable = expendable
    }
}

extension Listing {
    package static let users = Listing(
        format: "rollcall.users/1", noun: "user", plural: "users",
        columns: [
            Column("target", "target"), Column("email", "email"), Column("name", "name"), Column("status", "status"),
            Column("access", "access"), Column("since", "since"), Column("last_sign_in", "last sign-in"),
            Column("causes", "causes"), Column("managed", "managed"), Column("directory", "directory"),
            Column("id", "id"),
        ], expendable: ["id", "directory", "managed", "causes", "since", "last_sign_in"])

    package static let seats = Listing(
        format: "rollcall.seats/1", noun: "seat pool", plural: "pools",
        columns: [
            Column("target", "target"), Column("scope", "scope"), Column("class", "class"),
            Column("limit", "limit", isNumber: true), Column("held", "held", isNumber: true),
            Column("free", "free", isNumber: true), Column("waiting", "waiting", isNumber: true),
            Column("waiting_for_pace", "for pace", isNumber: true),
            Column("oldest_waiting", "first in line since"), Column("price", "price"),
            Column("on_leave", "on leave", isNumber: true), Column("reclaimable", "reclaimable", isNumber: true),
        ], expendable: ["price", "reclaimable", "on_leave", "waiting_for_pace", "oldest_waiting"])

    package static let waiting = Listing(
        format: "rollcall.waiting/1", noun: "place in line", nouns: "places in line", plural: "waiting",
        columns: [
            Column("target", "target"), Column("email", "email"), Column("scope", "scope"), Column("role", "role"),
            Column("since", "since"), Column("seat_priority", "priority", isNumber: true),
            Column("waits_for", "waits for"), Column("directory", "directory"), Column("id", "id"),
        ], expendable: ["id", "directory", "seat_priority", "waits_for"])

    package static let seatHistory = Listing(
        format: "rollcall.seat-history/1", noun: "run and seat pool", nouns: "runs and seat pools",
        plural: "history",
        columns: [
            Column("time", "time"), Column("run", "run", isNumber: true), Column("target", "target"),
            Column("scope", "scope"), Column("class", "class"), Column("limit", "limit", isNumber: true),
            Column("freed", "freed", isNumber: true), Column("given", "given", isNumber: true),
            Column("held", "held", isNumber: true), Column("waiting", "waiting", isNumber: true),
        ], expendable: ["freed", "given", "limit"])

    package static let due = Listing(
        format: "rollcall.due/1", noun: "thing due", nouns: "things due", plural: "due",
        columns: [
            Column("time", "due"), Column("target", "target"), Column("kind", "what"), Column("who", "who"),
            Column("reason", "why"), Column("directory", "directory"), Column("id", "id"),
        ], expendable: ["id", "directory"])

    package static let outbox = Listing(
        format: "rollcall.outbox/1", noun: "message", plural: "messages",
        columns: [
            Column("message", "number", isNumber: true), Column("target", "target"), Column("email", "email"),
            Column("run", "run", isNumber: true), Column("queued", "queued"),
            Column("attempts", "attempts", isNumber: true), Column("state", "state"), Column("next_try", "next try"),
            Column("problem", "problem"), Column("key", "key"),
        ], expendable: ["key", "queued", "next_try", "run"])

    package static let findings = Listing(
        format: "rollcall.findings/1", noun: "finding", plural: "findings",
        columns: [
            Column("id", "id"), Column("target", "target"), Column("weight", "weight"), Column("code", "code"),
            Column("about", "about"), Column("message", "what"), Column("acknowledged_until", "acknowledged until"),
            Column("reason", "because"), Column("by", "by"),
        ], expendable: ["by", "reason", "acknowledged_until", "code"])

    package static let acknowledgements = Listing(
        format: "rollcall.acknowledgements/1", noun: "acknowledgement", plural: "acknowledgements",
        columns: [
            Column("id", "id"), Column("target", "target"), Column("code", "code"), Column("about", "about"),
            Column("until", "until"), Column("reason", "because"), Column("by", "by"), Column("since", "since"),
            Column("still_there", "still there"),
        ], expendable: ["since", "by", "code"])

    package static var acknowledgementsTakenBack: Listing {
        var listing = acknowledgements
        listing.noun += " taken back"
        listing.nouns += " taken back"
        return listing
    }

    package static let groups = Listing(
        format: "rollcall.groups/1", noun: "mapped group", plural: "groups",
        columns: [
            Column("target", "target"), Column("group", "group"), Column("people", "people", isNumber: true),
            Column("dn", "dn"), Column("directory", "directory"), Column("id", "id"),
        ], expendable: ["id", "directory", "dn"])

    package static let runs = Listing(
        format: "rollcall.runs/1", noun: "run", plural: "runs",
        columns: [
            Column("run", "run", isNumber: true), Column("started", "started"), Column("command", "command"),
            Column("actor", "by"), Column("outcome", "outcome"), Column("exit_status", "exit", isNumber: true),
            Column("summary", "summary"),
        ], expendable: ["exit_status", "actor"])

    package static let groupGifts = Listing(
        format: "rollcall.explain-group/1", noun: "rule and person", nouns: "rules and people", plural: "gifts",
        columns: [
            Column("target", "target"), Column("person", "person"), Column("chain", "by"), Column("rule", "rule"),
            Column("place", "place"), Column("matches", "matches"), Column("outcome", "what it gives"),
            Column("directory", "directory"), Column("id", "id"),
        ], expendable: ["id", "directory", "place", "matches", "chain"])

    package static let roleHolders = Listing(
        format: "rollcall.explain-role/1", noun: "user and reason", nouns: "users and reasons", plural: "holders",
        columns: [
            Column("target", "target"), Column("email", "email"), Column("name", "name"), Column("status", "status"),
            Column("scope", "scope"), Column("by", "given by"), Column("place", "place"), Column("chain", "groups"),
            Column("note", "note"), Column("since", "user since"), Column("directory", "directory"), Column("id", "id"),
        ], expendable: ["id", "directory", "since", "place", "note", "chain"])

    package static let changes = Listing(
        format: "rollcall.history/1", noun: "change", plural: "changes",
        columns: [
            Column("time", "time"), Column("run", "run", isNumber: true), Column("actor", "by"),
            Column("target", "target"), Column("person", "person"), Column("kind", "change"), Column("scope", "scope"),
            Column("before", "before"), Column("after", "after"), Column("reason", "reason"),
        ], expendable: ["actor", "run", "target", "reason", "scope"])
}

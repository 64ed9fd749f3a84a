import AccessModel
import Diagnostics
import DirectoryModel
import MappingLanguage
import Reconciliation
import Reports

/// Access reviews to render.
enum SampleReview {
    /// What three people have: by a rule, by hand, by nothing of today, with the name wherever a directory, a file or a person can put one.
    static func review(_ name: String) -> AccessReview {
        let rule = HostilePersonTests.explanation(name).rules[0]
        let grant = ManualGrant(
            part: .template(name), by: name, reason: name, since: SamplePlans.night, until: SamplePlans.night)
        let rows = [
            item(name, 1, .role(name, scope: ScopePath([name])), .rules([rule]), use: .stale, isPrivileged: true),
            item(name, 2, .template(name), .byHand(grant), use: .neverAccepted, isPrivileged: false),
            item(name, 3, .permission(area: name, values: [name]), .record, use: .unknown, isPrivileged: false),
        ]
        return AccessReview(
            rows.map { AccessReview.Row($0, since: SamplePlans.night) }, run: 3, time: SamplePlans.night,
            staleAfter: "90 days", version: name)
    }

    /// What eight people have on a target, some of it for long without need.
    static func quarter() -> AccessReview {
        let day: Int64 = 86_400
        let rule = Rule(
            name: "Support desk", position: SourcePosition(file: "mappings/vivi.yaml", line: 14, column: 5),
            condition: .all([]), gift: Gift(role: "chat-user"))
        let desk = RuleExplanation(
            rule: rule, captured: nil, isMatched: true,
            condition: ConditionTrace("group support", isMet: true, chain: ["desk-mornings", "support"], note: ""),
            gives: rule.possibleGifts, outcomes: [])
        let grant = ManualGrant(
            part: .role("account-admin", scope: .root), by: "grace", reason: "on call in December, ticket 4711",
            since: SamplePlans.night - 9 * day, until: SamplePlans.night + 30 * day)
        let names = [
            "Anna Ahlgren", "Ben Ohm", "Carla 山田", "Dora Diaz", "Eve Falk", "Fred Fuchs", "Gina Gold", "Hal Ito",
        ]
        let uses: [ReviewedAccess.Use] = [.used, .stale, .used, .used, .stale, .used, .neverAccepted, .unknown]
        var items: [ReviewedAccess] = []
        for (place, (name, use)) in zip(names, uses).enumerated() {
            var item = item(
                "acme-desk", UInt8(place + 1), .role("chat-user", scope: ScopePath(["support"])), .rules([desk]))
            item.key.directory = "corp"
            item.name = name
            item.email = "\(name.split(separator: " ")[0].lowercased())@acme.example"
            item.use = use
            item.status = use == .neverAccepted ? .invited : .active
            item.lastSignIn = [.used: SamplePlans.night - 2 * day, .stale: SamplePlans.night - 140 * day][use]
            items.append(item)
        }
        for (place, given) in [(0, ReviewedAccess.Given.byHand(grant)), (1, .record)] {
            var admin = items[place]
            admin.part = .role("account-admin", scope: .root)
            admin.given = given
            admin.isPrivileged = true
            items.append(admin)
        }
        return AccessReview(
            items.map { AccessReview.Row($0, since: SamplePlans.night - 200 * day) }, run: 812, time: SamplePlans.night,
            staleAfter: "90 days", version: "0.1.0")
    }

    static func item(
        _ name: String, _ number: UInt8, _ part: ManualGrant.Part, _ given: ReviewedAccess.Given,
        use: ReviewedAccess.Use = .used, isPrivileged: Bool = false
    ) -> ReviewedAccess {
        ReviewedAccess(
            target: name, key: PersonKey(directory: name, id: SamplePlans.id(number)), user: Int64(number),
            email: name, name: name, status: .invited, part: part, isPrivileged: isPrivileged, given: given,
            userSince: SamplePlans.night, lastSignIn: SamplePlans.night, use: use)
    }

    static func sheet(_ review: AccessReview, _ format: OutputFormat = .csv) -> [UInt8] {
        var bytes: [UInt8] = []
        var writer = ListingWriter(.review, format: format, style: .plain)
        for row in review.rows { writer.row(row.cells) { bytes += $0 } }
        writer.end(nothing: "nothing") { bytes += $0 }
        return bytes
    }
}

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

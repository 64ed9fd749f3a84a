import Reports
import TestSupport

/// Every sheet that Rollcall writes, with each hostile name wherever one can stand.
enum SampleSheets {
    private static let listings: [(String, Listing)] = [
        ("review", .review), ("review-for-people", .reviewForPeople), ("users", .users), ("seats", .seats),
        ("waiting", .waiting), ("seat-history", .seatHistory), ("due", .due), ("outbox", .outbox),
        ("findings", .findings), ("acknowledgements", .acknowledgements), ("groups", .groups), ("runs", .runs),
        ("group-gifts", .groupGifts), ("role-holders", .roleHolders), ("changes", .changes),
        ("exported-users", .exportedUsers), ("exported-access", .exportedAccess),
        ("exported-permissions", .exportedPermissions),
    ]

    /// By their names.
    static func all() -> [(name: String, bytes: [UInt8])] {
        [("plan", plan()), ("review-to-sign", review())] + lists()
    }

    static func lists() -> [(name: String, bytes: [UInt8])] { listings.map { ($0, sheet($1)) } }

    private static func plan() -> [UInt8] {
        var report = SamplePlans.report(HostileNames.all.map(HostileTextTests.plan), stage: .applied)
        report.setAside = SampleHistory.report().setAside
        return PlanCSV.bytes(report)
    }

    private static func review() -> [UInt8] {
        rows(of: .review) { writer, sink in
            for name in HostileNames.all {
                for row in SampleReview.review(name).rows { writer.row(row.cells, to: sink) }
            }
        }
    }

    /// Each name in every column, in every other beside numbers, and twice in a cell.
    private static func sheet(_ listing: Listing) -> [UInt8] {
        rows(of: listing) { writer, sink in
            for name in HostileNames.all {
                writer.row(listing.columns.map { _ in .text(name) }, to: sink)
                writer.row(listing.columns.indices.map { $0 % 2 == 0 ? .text(name) : .number($0) }, to: sink)
                writer.row(listing.columns.indices.map { $0 % 3 == 1 ? .list([name, name]) : .none }, to: sink)
            }
        }
    }

    private static func rows(
        of listing: Listing, _ body: (inout ListingWriter, ([UInt8]) -> Void) -> Void
    ) -> [UInt8] {
        var bytes: [UInt8] = []
        var writer = ListingWriter(listing, format: .csv, style: .plain)
        body(&writer) { bytes += $0 }
        writer.end(nothing: "") { bytes += $0 }
        return bytes
    }
}

import Diagnostics
import Foundation
import Reconciliation
import Reports
import TestSupport
import Testing

/// Reviews, and explanations turned round, with names that try to act in a page, run in a sheet or hide a line.
struct HostileReviewTests {
    @Test(arguments: HostileNames.all)
    func reviewsArePrintable(_ name: String) {
        let review = SampleReview.review(name)
        PrintableText.expect(ReviewHTML.bytes(review))
        PrintableText.expect(SampleReview.sheet(review).filter { $0 != 0x0D })
        PrintableText.expect(SampleReview.sheet(review, .json))
        PrintableText.expect(SampleReview.sheet(review, .text))
    }

    /// Python's parser of HTML finds the same elements and attributes, whatever the name.
    @Test func noNameAddsAnythingToAReview() throws {
        let folder = try TemporaryDirectory()
        // Sections stand in the order of their names: with the same letter in front of all, it is the same order.
        for (place, name) in (["plain"] + HostileNames.all).map({ "m" + $0 }).enumerated() {
            let page = ReviewHTML.bytes(SampleReview.review(name))
            try Data(page).write(to: folder.url.appendingPathComponent("\(place).html"))
            try Data(SafeText.escaped(name).utf8).write(to: folder.url.appendingPathComponent("\(place).name"))
        }
        _ = try Command.output("python3", [HostilePageTests.tool("compare_structure.py"), "html", folder.url.path])
    }

    /// Three readers find the same cells in a sheet to be signed, one row for each thing, and no formula.
    @Test func noNameRunsInASheet() throws {
        let folder = try TemporaryDirectory()
        for (place, name) in HostileNames.all.enumerated() {
            let bytes = SampleReview.sheet(SampleReview.review(name))
            let rows = SheetReader.rows(bytes)
            #expect(rows.count == 4, "name \(place)")
            #expect(rows.allSatisfy { $0.count == Listing.review.columns.count }, "name \(place)")
            #expect(rows.joined().allSatisfy { !SheetReader.isFormula($0) }, "name \(place)")
            try Data(bytes).write(to: folder.url.appendingPathComponent("\(place).csv"))
            try JSONEncoder().encode(rows).write(to: folder.url.appendingPathComponent("\(place).json"))
        }
        _ = try Command.output("python3", [HostilePageTests.tool("read_sheet.py"), folder.url.path])
    }

    /// Lists of groups, roles and exports go through the same writer as all lists, with the same number of columns as cells.
    @Test(arguments: HostileNames.all)
    func listsOfGroupsAndExportsArePrintable(_ name: String) {
        let listings: [Listing] = [
            .groupGifts, .roleHolders, .exportedUsers, .exportedAccess, .exportedPermissions,
        ]
        for listing in listings {
            for format in OutputFormat.allCases {
                var bytes: [UInt8] = []
                var writer = ListingWriter(listing, format: format, style: .plain)
                writer.row(listing.columns.map { _ in .text(name) }) { bytes += $0 }
                writer.end(nothing: "none") { bytes += $0 }
                PrintableText.expect(bytes.filter { $0 != 0x0D || format != .csv })
                if format == .csv {
                    #expect(SheetReader.rows(bytes).joined().allSatisfy { !SheetReader.isFormula($0) })
                }
            }
        }
    }

    /// A spreadsheet would write a number in a way of its own, and the line would no longer be known.
    @Test func noCodeIsANumber() {
        for since in 0..<Int64(4_000) {
            let grant = ManualGrant(part: .template("x"), by: "root", reason: "", since: since, until: nil)
            let code = SampleReview.item("desk", 1, .template("x"), .byHand(grant)).code
            #expect(Double(code) == nil, "\(code)")
        }
    }

    /// What is privileged stands first; within it, and within the rest, by target and email.
    @Test func privilegedStandsFirst() {
        let rows = [
            SampleReview.item("b", 1, .template("x"), .record), SampleReview.item("a", 2, .template("x"), .record),
            SampleReview.item("c", 3, .switchOn("x"), .record, isPrivileged: true),
        ]
        let review = AccessReview(
            rows.map { AccessReview.Row($0, since: 0) }, run: nil, time: 0, staleAfter: "90 days", version: "1")
        #expect(review.rows.map(\.item.email) == ["c", "a", "b"])
        let page = String(decoding: ReviewHTML.bytes(review), as: UTF8.self)
        let places = ["Privileged access", "Everything else"].map { page.range(of: $0)?.lowerBound }
        #expect(places[0] != nil && places[1] != nil && places[0] ?? page.endIndex < places[1] ?? page.startIndex)
    }

    @Test func permissionsAreTakenApart() {
        let effective = EffectivePermissions("support:agents=full;:users=view+edit;+crm_access;nonsense")
        #expect(
            effective.permissions == [
                EffectivePermissions.Permission(scope: "support", area: "agents", value: "full"),
                EffectivePermissions.Permission(scope: "", area: "users", value: "view"),
                EffectivePermissions.Permission(scope: "", area: "users", value: "edit"),
                EffectivePermissions.Permission(scope: "", area: "", value: "crm_access"),
            ])
    }
}

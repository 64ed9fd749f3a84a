import Foundation
import TestSupport
import Testing

/// K6: `approve` ended at any call leaves an approval that is whole, or none, and never touches the roster.
struct ApproveFaultTests {
    private let site: Site
    private let before: SavedState
    private let approve = ["approve", "--last-hold", "--reason", "the site closes"]
    private var approvals: String { site.folder.path("approvals") }

    /// A night that was held: more people disabled than may be, and more than stand in the approval itself.
    init() throws {
        var site = try Site(
            ldif: Array(Company.firstNight(60).utf8),
            limits: "limits: {suspend_disabled: {count: 1, percent: 1, floor: 1}}")
        _ = try site.prepare()
        let disabled = Company.firstNight(60).replacingOccurrences(
            of: "objectClass: inetOrgPerson\n", with: "objectClass: inetOrgPerson\nemployeeType: disabled\n")
        try site.write(Array(disabled.utf8), to: "people.ldif")
        site.hour = 24
        let held = try site.sync()
        try #require(held.status == 3, "\(held.message)")
        self.site = site
        before = try site.saved()
    }

    private func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: approvals).sorted() }

    private func forget() throws {
        for name in try names() { try FileManager.default.removeItem(atPath: "\(approvals)/\(name)") }
    }

    private func strace(_ expression: String) throws -> [String] {
        [try Command.path("strace"), "-o", site.folder.path("trace"), "-e", expression]
    }

    /// Ends `approve` as the fault says and holds what it left to be of use.
    private func end(by fault: String) throws -> Child.Ended {
        try forget()
        let ended = try site.run(approve, through: strace("inject=\(fault)"))
        let what: Comment = "\(fault): \(ended.message)"
        #expect(try site.saved() == before, what)
        let isWritten = try names().contains("run-2.yaml")
        #expect(ended.status != 0 || isWritten, what)
        #expect(try site.run(["check"]).status == 0, what)
        let again = try site.run(approve)
        let isApproved = again.status == 1 && again.message.contains("is approved already by")
        #expect(again.status == 0 || isWritten && isApproved, "\(fault): \(again.message)")
        #expect(try names().allSatisfy { !$0.hasPrefix(".") }, what)
        return ended
    }

    @Test func endedAtAnyCall() throws {
        let calls = ["write", "fsync", "linkat", "unlinkat"]
        let whole = try site.run(approve, through: strace("trace=\(calls.joined(separator: ","))"))
        try #require(whole.status == 0, "\(whole.message)")
        #expect(try names() == ["run-2.csv", "run-2.yaml"])
        let lines = try String(contentsOfFile: site.folder.path("trace"), encoding: .utf8).split(separator: "\n")
        var ends = 0
        for call in calls {
            for place in 1...max(1, lines.count(where: { $0.hasPrefix("\(call)(") })) {
                let killed = try end(by: "\(call):signal=KILL:when=\(place)")
                #expect(killed.signal == 9 || killed.status == 128 + 9, "\(call) \(place): \(killed)")
                ends += 1
                // Taking the other name away is the last thing done, and nothing depends on it.
                guard call != "unlinkat" else { continue }
                let full = try end(by: "\(call):error=ENOSPC:when=\(place)+")
                #expect(full.status == 73 || full.status == 0, "\(call) \(place): \(full.message)")
                ends += 1
            }
        }
        #expect(try site.sync().status == 0)
        #expect(try site.saved() != before)
        Figures.note("`approve` ended at any of its calls: \(ends)")
    }
}

import Foundation
import Reconciliation
import Reports
import TestSupport
import Testing

/// A comparison reads the same in every format, and says what it is.
struct ComparisonReportTests {
    static func report(_ name: String) -> PlanReport {
        var report = SamplePlans.report([HostileTextTests.plan(name)])
        report.stage = .compared
        report.comparison = ComparisonHead(
            old: name, new: name, run: 7, people: 20, groups: 3, isPseudonymous: true, notes: [name],
            verdicts: [
                .init(name: "invite", count: 1, sentence: "invite is 1, and fails above 0", isExceeded: true),
                .init(name: "remove", count: 1, sentence: "remove is 1, and fails above 5", isExceeded: false),
            ])
        return report
    }

    @Test func everyFormatSaysWhatFails() throws {
        let report = Self.report("new.yaml")
        let title = "What `new.yaml` changes against `new.yaml`: nothing has been written"
        let failure = "invite is 1, and fails above 0"
        let other = "remove is 1, and fails above 5"
        let text = String(decoding: PlanText.bytes(report), as: UTF8.self)
        #expect(text.hasPrefix(title + "\n"))
        #expect(text.contains("FAILS  \(failure)\n"))
        #expect(!text.contains(other))
        let markdown = String(decoding: PlanMarkdown.bytes(report), as: UTF8.self)
        #expect(markdown.contains("- **FAILS** \(failure)\n"))
        let page = String(decoding: PlanHTML.bytes(report), as: UTF8.self)
        #expect(page.contains("<strong>FAILS</strong> \(failure)"))
        let rows = SheetReader.rows(PlanCSV.bytes(report))
        #expect(rows.count { $0[1] == "fail_on" } == 2)
        #expect(rows.contains { $0[1] == "fail_on" && $0[2] == "invite" && $0[11] == "failed" })
        let json = try #require(
            JSONSerialization.jsonObject(with: Data(PlanJSON.bytes(report))) as? [String: Any])
        #expect(json["format"] as? String == "rollcall.diff/1")
        #expect(json["stage"] as? String == "compared")
        let head = try #require(json["comparison"] as? [String: Any])
        #expect(head["people"] as? Int == 20)
        let verdicts = try #require(head["fail_on"] as? [[String: Any]])
        #expect(verdicts.map { $0["failed"] as? Bool } == [true, false])
        for bytes in [
            PlanText.bytes(report), PlanMarkdown.bytes(report), PlanHTML.bytes(report), PlanCSV.bytes(report),
        ] {
            #expect(String(decoding: bytes, as: UTF8.self).contains("under pseudonyms"))
        }
    }

    @Test(arguments: HostileNames.all)
    func hostileNamesOfFilesStayNames(_ name: String) {
        let lines = { (name: String) in PlanText.bytes(Self.report(name)).count { $0 == 0x0A } }
        #expect(lines(name) == lines("plain"))
        PrintableText.expect(PlanText.bytes(Self.report(name)))
        PrintableText.expect(PlanHTML.bytes(Self.report(name)))
        #expect(
            SheetReader.rows(PlanCSV.bytes(Self.report(name))).count
                == SheetReader.rows(PlanCSV.bytes(Self.report("x"))).count)
    }

    @Test func aPlanIsStillAPlan() throws {
        let json = String(decoding: PlanJSON.bytes(SamplePlans.report([HostileTextTests.plan("x")])), as: UTF8.self)
        #expect(json.contains("\"format\": \"rollcall.plan/1\""))
        #expect(!json.contains("comparison"))
    }

    @Test func everyNameOfAThresholdIsCounted() {
        let counts = ComparisonCounts([HostileTextTests.plan("x")])
        #expect(counts["changes"] == ChangeKind.allCases.count)
        #expect(counts["people"] == 1)
        #expect(counts["severe_findings"] == 1)
        #expect(counts["remove"] == 1)
        #expect(counts["invite"] == 1)
        #expect(Set(ComparisonCounts.names).count == ComparisonCounts.names.count)
    }
}

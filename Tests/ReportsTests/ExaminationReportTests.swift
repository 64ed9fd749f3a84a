import DirectoryModel
import Foundation
import Reports
import TestSupport
import Testing

struct ExaminationReportTests {
    private static let starter = "- name: directory\n  kind: openldap\n"

    static let reports: [(String, ExaminationReport)] = [
        ("doctor-well", ExaminationReport([SampleExamination.well], starters: [starter], exitStatus: 0)),
        ("doctor-expired", ExaminationReport([SampleExamination.unreached], exitStatus: 69)),
        (
            "doctor-every-ailment",
            ExaminationReport(
                [
                    Examination(
                        directory: "corp", time: SampleExamination.now,
                        steps: [ExaminedStep(.server, ailments: SampleExamination.ailments)] + SampleExamination.found,
                        access: SampleExamination.access)
                ], exitStatus: 69)
        ),
    ]

    @Test(arguments: 0..<3)
    func textReadsAsRecorded(_ place: Int) throws {
        let (name, report) = Self.reports[place]
        try RecordedFile.expect(
            String(decoding: ExaminationText.bytes(report), as: UTF8.self),
            at: "Tests/ReportsTests/Recorded/\(name).txt")
    }

    @Test(arguments: 0..<3)
    func jsonReadsAsRecorded(_ place: Int) throws {
        let (name, report) = Self.reports[place]
        let bytes = ExaminationJSON.bytes(report)
        #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(bytes)) }
        try RecordedFile.expect(
            String(decoding: bytes, as: UTF8.self), at: "Tests/ReportsTests/Recorded/\(name).json")
    }

    @Test func commandsCanBeLeftOut() {
        let report = Self.reports[0].1
        let text = String(decoding: ExaminationText.bytes(report, detail: .steps), as: UTF8.self)
        #expect(!text.contains("ldapsearch"))
        #expect(String(decoding: ExaminationText.bytes(report), as: UTF8.self).contains("ldapwhoami"))
    }

    @Test func whatAServerSaysMovesNoCursor() {
        var found = SampleExamination.well
        found.steps[4].facts = .identity(IdentityFacts(identity: "\u{1B}[2Jdn:\u{202E}x", asked: .external))
        let text = ExaminationText.bytes(ExaminationReport([found], exitStatus: 0))
        #expect(!text.contains(0x1B))
        #expect(!String(decoding: text, as: UTF8.self).contains("\u{202E}"))
    }

    /// Everything that is bad or should be changed says what to do; bad things say what may be behind them.
    @Test(arguments: SampleExamination.ailments.indices)
    func everyAilmentHasItsWords(_ place: Int) {
        let ailment = SampleExamination.ailments[place]
        let step = ExaminedStep(.server, ailments: [ailment])
        let report = ExaminationReport(
            [Examination(directory: "corp", time: 0, steps: [step], access: SampleExamination.access)], exitStatus: 0)
        let text = String(decoding: ExaminationText.bytes(report), as: UTF8.self)
        let name = ailment.weight == .bad ? "failed: " : "\(ailment.weight): "
        #expect(text.contains(name))
        if ailment.weight != .note { #expect(text.contains("hint: "), "\(text)") }
        #expect(!text.contains(". \n") && !text.contains("  likely: \n"))
    }

    @Test func setAsideEntriesStandInAPlan() {
        var report = SamplePlans.report([SamplePlans.quietNight()])
        let entries = (0..<25).map { SetAsideEntry(dn: "uid=p\($0),dc=x", reason: .noIdentity) }
        report.setAside = SetAsideEntries.sorted([
            "corp": entries, "beta": [SetAsideEntry(dn: "uid=\u{1B}[2J", reason: .unparsableDN)], "well": [],
        ])
        let text = String(decoding: PlanText.bytes(report), as: UTF8.self)
        #expect(text.contains("SET ASIDE  1 entry of directory beta cannot be used; nothing is done about it"))
        #expect(text.contains("SET ASIDE  25 entries of directory corp cannot be used; nothing is done about them"))
        #expect(text.contains("uid=p19,dc=x: no usable immutable id"))
        #expect(!text.contains("uid=p20,dc=x"))
        #expect(text.contains("… and 5 more; JSON holds them all"))
        #expect(!text.contains("\u{1B}") && !text.contains("directory well"))
        let json = String(decoding: PlanJSON.bytes(report), as: UTF8.self)
        #expect(json.contains("uid=p24,dc=x"))
        #expect(json.contains("\"reason\": \"unparsable-dn\""))
        #expect(!String(decoding: PlanJSON.bytes(SamplePlans.report([])), as: UTF8.self).contains("set_aside"))
    }
}

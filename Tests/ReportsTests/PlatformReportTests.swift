import AccessModel
import Diagnostics
import Reports
import TestSupport
import Testing

struct PlatformReportTests {
    @Test(arguments: ["vivi", "tenant", "agent-studio", "voiceflow"])
    func reportsAreAsRecorded(name: String) throws {
        var diagnostics = DiagnosticList()
        let source = try Repository.source("config/platforms/\(name).yaml")
        let platform = try #require(PlatformFile.platform(source, into: &diagnostics))
        let report = PlatformReport(platform)
        try RecordedFile.expect(report.text, at: "Tests/ReportsTests/Recorded/platform-\(name).txt")
        try RecordedFile.expect(report.json, at: "Tests/ReportsTests/Recorded/platform-\(name).json")
    }
}

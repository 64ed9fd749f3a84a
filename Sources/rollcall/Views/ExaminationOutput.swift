import DirectoryModel
import Reports
import SyncAgent

/// What `doctor` found, for people and for programs.
struct ExaminationOutput {
    let status: ExitStatus
    private let report: ExaminationReport

    init(_ examinations: [Examination], starters: [String?] = []) {
        status = examinations.lazy.compactMap(\.failure).first.map { AgentFailure($0).status } ?? .done
        report = ExaminationReport(examinations, starters: starters, exitStatus: status.rawValue)
    }

    func write(_ options: ReportOptions, detail: ExaminationText.Detail) throws {
        switch options.format {
        case .text: try Output.data(ExaminationText.bytes(report, style: options.style, detail: detail))
        case .json: try Output.data(ExaminationJSON.bytes(report))
        }
    }
}

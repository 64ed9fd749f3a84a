import Reconciliation
import Reports
import SQLiteRoster
import SyncAgent

/// What the roster knows of a run: `show` prints it, and it takes the place of a report that a killed run did not come to write.
struct RecordedRunReport {
    let record: RunRecord
    let roster: SQLiteRoster

    /// The head of the run, for people, then its changes in the order of its plan.
    func write(_ format: OutputFormat, style: TextStyle, to sink: ([UInt8]) throws -> Void) throws {
        if format == .text { try sink(RunHead(record).bytes(style: style)) }
        var writer = ListingWriter(.changes, format: format, style: style)
        try roster.forEachChange(ofRun: record.number) { try writer.row($0.cells, to: sink) }
        try writer.end(nothing: "no changes", to: sink)
    }

    /// The same as a file in `state/reports/`.
    func bytes(_ format: ReportFormat) throws -> [UInt8] {
        var bytes: [UInt8] = []
        switch format {
        case .text:
            bytes +=
                "The run was ended before it wrote its report; this one was made from the roster afterwards.\n\n".utf8
            try write(.text, style: .plain) { bytes += $0 }
        case .json: try write(.json, style: .plain) { bytes += $0 }
        case .csv: try write(.csv, style: .plain) { bytes += $0 }
        case .html:
            let title = "Run \(record.number), \(Timestamp.text(record.started))"
            return TextInPage.bytes(try self.bytes(.text), title: title, version: record.version)
        case .markdown: return TextInMarkdown.bytes(try self.bytes(.text))
        }
        return bytes
    }
}

package import Diagnostics

/// What is wrong in files, for people and for programs.
package struct DiagnosticReport {
    package static let format = "rollcall.diagnostics/1"

    private let diagnostics: DiagnosticList

    package init(_ diagnostics: DiagnosticList) { self.diagnostics = diagnostics }

    /// Each with its place, the line and the hint.
    package func text() -> [UInt8] { Array(diagnostics.text.utf8) }

    package func json(exitStatus: Int) -> [UInt8] {
        var json = JSONWriter(layout: .pretty)
        json.beginObject()
        json.field("format", DiagnosticReport.format)
        json.field("exit_status", exitStatus)
        diagnostics.write(into: &json)
        json.endObject()
        json.newline()
        return json.bytes
    }
}

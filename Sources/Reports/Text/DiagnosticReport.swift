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
        json.diagnostics(diagnostics)
        json.endObject()
        json.newline()
        return json.bytes
    }
}

extension JSONWriter {
    /// The fields `errors` and `diagnostics` of an open object.
    package mutating func diagnostics(_ list: DiagnosticList) {
        field("errors", list.errorCount)
        key("diagnostics")
        beginArray()
        for diagnostic in list.sorted {
            beginObject()
            field("severity", diagnostic.severity.rawValue)
            field("code", diagnostic.code)
            field("message", diagnostic.message)
            field("file", diagnostic.position?.file)
            key("line")
            if let line = diagnostic.position?.line { value(line) } else { null() }
            key("column")
            if let column = diagnostic.position?.column { value(column) } else { null() }
            field("hint", diagnostic.hint)
            endObject()
        }
        endArray()
    }
}

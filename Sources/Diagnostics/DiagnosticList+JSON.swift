/// Diagnostics for programs.
extension DiagnosticList {
    /// Format `rollcall.diagnostics/1`: how many errors, and the first hundred diagnostics with place and hint.
    package var json: String {
        var json = JSONWriter(layout: .pretty)
        json.beginObject()
        json.field("format", "rollcall.diagnostics/1")
        write(into: &json)
        json.endObject()
        json.newline()
        return json.text
    }

    /// The fields `errors` and `diagnostics`, into an object that is open.
    package func write(into json: inout JSONWriter) {
        json.field("errors", errorCount)
        json.key("diagnostics")
        json.beginArray()
        for diagnostic in sorted.prefix(DiagnosticList.shownAtMost) {
            json.beginObject()
            json.field("severity", diagnostic.severity.rawValue)
            json.field("code", diagnostic.code)
            json.field("message", diagnostic.message)
            if let position = diagnostic.position {
                json.field("file", position.file)
                json.field("line", position.line)
                json.field("column", position.column)
            }
            if let hint = diagnostic.hint { json.field("hint", hint) }
            json.endObject()
        }
        json.endArray()
    }
}

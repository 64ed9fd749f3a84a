package import Diagnostics

/// Why a command did not do what it was asked: one sentence, what lies behind it, and the remedy.
package struct FailureReport: Sendable, Equatable {
    package static let format = "rollcall.error/1"

    /// Stable and dotted: `directory.unreachable`.
    package var code: String
    package var message: String
    /// What lies behind it, outermost first.
    package var causes: [String]
    /// What else there is to say, one sentence each.
    package var details: [String]
    package var hint: String
    /// The status with which the command ends.
    package var exitStatus: Int

    package init(
        code: String, message: String, causes: [String] = [], details: [String] = [], hint: String = "", exitStatus: Int
    ) {
        self.code = code
        self.message = message
        self.causes = causes
        self.details = details
        self.hint = hint
        self.exitStatus = exitStatus
    }

    /// `error: …`, `caused by: …`, what else there is to say, and `hint: …`, each on a line.
    package func text(style: TextStyle) -> [UInt8] {
        var page = TextPage(style: style)
        write(to: &page)
        return page.bytes
    }

    func write(to page: inout TextPage) {
        page.line(Span("error:", .alarm), Span(" \(message)"))
        for cause in causes { page.line("  caused by: \(cause)") }
        for detail in details { page.line("  \(detail)") }
        if !hint.isEmpty { page.line("hint: \(hint)") }
    }

    package func json() -> [UInt8] {
        var json = JSONWriter(layout: .pretty)
        json.failure(self)
        json.newline()
        return json.bytes
    }
}

extension JSONWriter {
    package mutating func failure(_ failure: FailureReport) {
        beginObject()
        field("format", FailureReport.format)
        field("code", failure.code)
        field("message", failure.message)
        field("causes", failure.causes)
        field("details", failure.details)
        field("hint", failure.hint)
        field("exit_status", failure.exitStatus)
        endObject()
    }
}

import ArgumentParser
import Glibc
import Reports

/// How a command that lists writes.
struct ListOptions: ParsableArguments {
    @Option(help: "text for people, json for programs, csv for spreadsheets.")
    var format: OutputFormat = .text

    @Flag(name: .customLong("all"), help: "Show long texts whole on a terminal.")
    var showsAll = false

    var style: TextStyle { Terminal.style(of: STDOUT_FILENO, showAll: showsAll ? .whole : .long) }

    /// Writes rows through `body`, which is handed the writer and the sink; printed once `body` has let the roster go.
    func write(
        _ listing: Listing, nothing: String, _ body: (inout ListingWriter, ([UInt8]) throws -> Void) throws -> Void
    ) throws {
        let spool = Spool()
        let sink: ([UInt8]) throws -> Void = { try spool.append($0) }
        var writer = ListingWriter(listing, format: format, style: style)
        try body(&writer, sink)
        try writer.end(nothing: nothing, to: sink)
        try spool.print()
    }

    func write(_ listing: Listing, nothing: String, rows: some Sequence<[Cell]>) throws {
        try write(listing, nothing: nothing) { writer, sink in
            for row in rows { try writer.row(row, to: sink) }
        }
    }
}

/// How a command that reports writes.
struct ReportOptions: ParsableArguments {
    /// Reports have no rows, so they are no sheets.
    enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

    @Option(help: "text for people, json for programs.")
    var format: Format = .text

    @Flag(name: .customLong("all"), help: "Show long lists whole on a terminal.")
    var showsAll = false

    var style: TextStyle { Terminal.style(of: STDOUT_FILENO, showAll: showsAll ? .whole : .long) }
}

/// How `test` writes.
struct TestOptions: ParsableArguments {
    enum Format: String, ExpressibleByArgument, CaseIterable { case text, json, junit }

    @Option(help: "text for people, json for programs, junit for CI servers.")
    var format: Format = .text

    @Flag(name: .customLong("all"), help: "Show long lists whole on a terminal.")
    var showsAll = false

    var style: TextStyle { Terminal.style(of: STDOUT_FILENO, showAll: showsAll ? .whole : .long) }
}

/// How a command that shows a plan writes.
struct PlanOptions: ParsableArguments {
    enum Format: String, ExpressibleByArgument, CaseIterable { case text, json, markdown, csv, html }

    @Option(
        help: """
            text for people, json for programs, markdown for a merge request, csv for spreadsheets, html for a browser.
            """)
    var format: Format = .text

    @Flag(name: .customLong("all"), help: "Show long lists whole: on a terminal, in markdown and html.")
    var showsAll = false

    var style: TextStyle { Terminal.style(of: STDOUT_FILENO, showAll: showsAll ? .whole : .long) }

    /// For what is no plan: the question whether it is to be applied, and acts.
    var report: ReportOptions {
        var options = ReportOptions.text
        options.format = format == .text ? .text : .json
        options.showsAll = showsAll
        return options
    }
}

extension OutputFormat: ExpressibleByArgument {}

extension ListOptions {
    /// For lists of commands with options of their own.
    static func given(_ format: OutputFormat, showsAll: Bool) -> ListOptions {
        var options = ListOptions()
        options.format = format
        options.showsAll = showsAll
        return options
    }
}

extension ReportOptions {
    /// For reports inside another command's output.
    static var text: ReportOptions {
        var options = ReportOptions()
        options.format = .text
        options.showsAll = false
        return options
    }
}

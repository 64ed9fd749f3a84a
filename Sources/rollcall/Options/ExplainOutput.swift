import ArgumentParser
import Glibc
import Reports

/// How an explanation is written: of a person as a report, of a group or a role as a list.
struct ExplainOutput: ParsableArguments {
    @Option(help: "text for people, json for programs; csv for spreadsheets, with --group and --role.")
    var format: OutputFormat = .text

    @Flag(name: .customLong("all"), help: "Show long lists whole on a terminal.")
    var showsAll = false

    var style: TextStyle { Terminal.style(of: STDOUT_FILENO, showAll: showsAll ? .whole : .long) }

    var lists: ListOptions { .given(format, showsAll: showsAll) }
}

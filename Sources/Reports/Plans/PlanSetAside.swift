import Diagnostics
package import DirectoryModel

/// Entries of one directory that could not be used.
package struct SetAsideEntries: Sendable, Equatable {
    package var directory: String
    package var entries: [SetAsideEntry]

    package init(directory: String, entries: [SetAsideEntry]) {
        self.directory = directory
        self.entries = entries
    }

    /// By directory, in the order of their names; without those of which everything could be used.
    package static func sorted(_ all: [String: [SetAsideEntry]]) -> [SetAsideEntries] {
        all.filter { !$0.value.isEmpty }.map { SetAsideEntries(directory: $0.key, entries: $0.value) }
            .sorted { $0.directory.utf8.lexicographicallyPrecedes($1.directory.utf8) }
    }
}

/// The entries that nothing is done about, with what is wrong with each: a few of them, the rest counted.
struct PlanSetAside {
    let directories: [SetAsideEntries]

    private static let entriesAtMost = 20
    /// Lines about one directory begin here, under `SET ASIDE  `.
    private static let indent = 11

    func write(to page: inout TextPage) {
        for directory in directories {
            page.blank()
            let count = Counted.text(directory.entries.count, "entry", plural: "entries")
            page.line(
                Span("SET ASIDE", .changed),
                "  \(count) of directory \(directory.directory) cannot be used; nothing is done about \(directory.entries.count == 1 ? "it" : "them")"
            )
            let shown = min(directory.entries.count, PlanSetAside.entriesAtMost)
            for entry in directory.entries.prefix(shown) {
                page.line("\(entry.dn): \(entry.reason.sentence)", indent: PlanSetAside.indent)
            }
            let rest = directory.entries.count - shown
            if rest > 0 {
                page.line(
                    Span("… and \(Counted.number(rest)) more; JSON holds them all", .faint),
                    indent: PlanSetAside.indent)
            }
        }
    }
}

extension JSONWriter {
    /// All of them, where there are any.
    mutating func setAside(_ directories: [SetAsideEntries]) {
        if directories.isEmpty { return }
        key("set_aside")
        beginArray()
        for directory in directories {
            for entry in directory.entries {
                beginObject()
                field("directory", directory.directory)
                field("dn", entry.dn)
                field("reason", entry.reason.code)
                endObject()
            }
        }
        endArray()
    }
}

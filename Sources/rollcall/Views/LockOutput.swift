import Reports
import SyncAgent

/// What `lock` found and did.
struct LockOutput {
    private let results: [LockResult]

    init(_ results: [LockResult]) { self.results = results }

    func write(_ options: ListOptions) throws {
        guard options.format == .text else { return try options.write(LockOutput.listing, nothing: "", rows: rows) }
        var page = TextPage(style: options.style)
        for result in results {
            page.line(Span(result.path, .strong), "  \(headline(of: result))")
            let changes = result.changes.map { change -> [Span] in
                [
                    Span(change.kind.mark, change.kind.tone), Span("\(change.directory):\(change.name)"),
                    Span(LockOutput.words(of: change)), Span(change.dn, .faint),
                ]
            }
            page.columns(changes, indent: 4)
        }
        if results.isEmpty { page.line("no mapping names a group; there is nothing to lock") }
        try Output.data(page.bytes)
    }

    private func headline(of result: LockResult) -> String {
        let groups = Counted.text(result.groups, "group")
        if result.changes.isEmpty { return "\(groups), nothing changed" }
        let changes = Counted.text(result.changes.count, "change")
        return "\(groups), \(changes)\(result.written ? "; written" : "; not written")"
    }

    private static func words(of change: LockChange) -> String {
        switch change.kind {
        case .added: "is new here"
        case .removed: "is no longer named by a rule, or gone"
        case .renamed: "was called \(change.before ?? "otherwise")"
        case .moved: "stood at \(change.before ?? "another place")"
        case .recreated: "is another group under the same name; its id was \(change.before ?? "another one")"
        }
    }

    private static let listing = Listing(
        format: "rollcall.lock/1", noun: "change", plural: "changes",
        columns: [
            .init("path", "file"), .init("written", "written"), .init("kind", "change"),
            .init("directory", "directory"),
            .init("group", "group"), .init("dn", "dn"), .init("before", "before"),
        ])

    private var rows: [[Cell]] {
        results.flatMap { result in
            result.changes.map { change in
                [
                    .text(result.path), .truth(result.written), .text(change.kind.rawValue), .text(change.directory),
                    .text(change.name), .text(change.dn), .optional(change.before),
                ]
            }
        }
    }
}

extension LockChange.Kind {
    fileprivate var mark: String {
        switch self {
        case .added: "+"
        case .removed: "-"
        case .renamed, .moved: "~"
        case .recreated: "!"
        }
    }

    fileprivate var tone: Tone {
        switch self {
        case .added: .added
        case .removed: .removed
        case .renamed, .moved: .changed
        case .recreated: .alarm
        }
    }
}

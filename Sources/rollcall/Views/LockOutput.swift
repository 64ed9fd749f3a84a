import MappingLanguage
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
            page.columns(
                result.changes.map { change in
                    [
                        Span(change.mark, change.tone), Span("\(change.group.key.directory):\(change.group.name)"),
                        Span(change.words), Span(change.group.dn, .faint),
                    ]
                }, indent: 4)
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

    private static let listing = Listing(
        format: "rollcall.lock/1", noun: "change", plural: "changes",
        columns: [
            .init("path", "file"), .init("written", "written"), .init("kind", "change"),
            .init("directory", "directory"),
            .init("group", "group"), .init("id", "id"), .init("dn", "dn"), .init("before", "before"),
        ])

    private var rows: [[Cell]] {
        results.flatMap { result in
            result.changes.map { change in
                [
                    .text(result.path), .truth(result.written), .text(change.name), .text(change.group.key.directory),
                    .text(change.group.name), .text("\(change.group.key.id)"), .text(change.group.dn),
                    .optional(change.before),
                ]
            }
        }
    }
}

extension LockProposal.Change {
    /// The group concerned, as it is after the change.
    fileprivate var group: KnownGroup {
        switch self {
        case .added(let group), .removed(let group), .vanished(let group): group
        case .renamed(_, let group), .replaced(_, let group): group
        }
    }

    /// Stable name for programs.
    fileprivate var name: String {
        switch self {
        case .added: "added"
        case .removed: "removed"
        case .renamed: "renamed"
        case .replaced: "replaced"
        case .vanished: "vanished"
        }
    }

    /// DN, or the id where another group took the place.
    fileprivate var before: String? {
        switch self {
        case .added, .removed, .vanished: nil
        case .renamed(let before, _): before.dn
        case .replaced(let locked, _): "\(locked.key.id)"
        }
    }

    fileprivate var words: String {
        switch self {
        case .added: "is new here"
        case .removed: "is named by no rule any more"
        case .renamed(let before, _): "was \(before.name) at \(before.dn)"
        case .replaced(let locked, _):
            "is another group in the place of id \(locked.key.id): it gives access from now on"
        case .vanished: "is no longer in the directory; it stays locked"
        }
    }

    fileprivate var mark: String {
        switch self {
        case .added: "+"
        case .removed: "-"
        case .renamed: "~"
        case .replaced, .vanished: "!"
        }
    }

    fileprivate var tone: Tone {
        switch self {
        case .added: .added
        case .removed: .removed
        case .renamed: .changed
        case .replaced, .vanished: .alarm
        }
    }
}

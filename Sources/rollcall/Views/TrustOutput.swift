import Reports
import SyncAgent

/// Where passwords may go, and what `trust` changed about it.
struct TrustOutput {
    private let result: TrustResult

    init(_ result: TrustResult) { self.result = result }

    func write(_ options: ListOptions) throws {
        guard options.format == .text else { return try options.write(TrustOutput.listing, nothing: "", rows: rows) }
        var page = TextPage(style: options.style)
        if result.places.isEmpty { page.line("no directory is read by a password") }
        page.columns(
            result.places.map { place, change in
                [Span(change.mark, change.tone), Span(place.server), Span(place.account), Span(change.words, .faint)]
            }, indent: 2)
        if result.hasChanges { page.line(result.isWritten ? "written" : "not written") }
        try Output.data(page.bytes)
    }

    private static let listing = Listing(
        format: "rollcall.trust/1", noun: "place", plural: "places",
        columns: [
            .init("server", "server"), .init("account", "account"), .init("change", "change"),
            .init("written", "written"),
        ])

    private var rows: [[Cell]] {
        result.places.map { place, change in
            [.text(place.server), .text(place.account), .text(change.rawValue), .truth(result.isWritten)]
        }
    }
}

extension TrustResult.Change {
    fileprivate var mark: String {
        switch self {
        case .added: "+"
        case .removed: "-"
        case .kept: " "
        }
    }

    fileprivate var tone: Tone {
        switch self {
        case .added: .added
        case .removed: .removed
        case .kept: .plain
        }
    }

    fileprivate var words: String {
        switch self {
        case .added: "new"
        case .removed: "no longer"
        case .kept: "as before"
        }
    }
}

/// One fact in a listing.
package enum Cell: Sendable, Equatable {
    case text(String)
    case number(Int)
    /// Seconds since 1970.
    case time(Int64)
    /// The first second after something ended, since 1970.
    case end(Int64)
    case truth(Bool)
    /// A name for programs, and the words that people read for it.
    case name(String, words: String)
    case list([String])
    case none

    /// Nothing for an absent text.
    package static func optional(_ text: String?) -> Cell { text.map(Cell.text) ?? .none }

    /// Nothing for an absent time, or one that stands for unknown.
    package static func optional(_ seconds: Int64?) -> Cell {
        guard let seconds, seconds != Int64.min else { return .none }
        return .time(seconds)
    }

    /// Nothing for what has no end.
    package static func end(optional seconds: Int64?) -> Cell { seconds.map(Cell.end) ?? .none }

    /// For people; absent facts show as a dash, so that columns can be told apart.
    var forPeople: String {
        switch self {
        case .text(let text): text.isEmpty ? "–" : text
        case .number(let number): Counted.number(number)
        case .time(let seconds): Timestamp.text(seconds)
        case .end(let seconds): Timestamp.end(seconds)
        case .truth(let truth): truth ? "yes" : "no"
        case .name(_, let words): words
        case .list(let texts): texts.isEmpty ? "–" : texts.joined(separator: ", ")
        case .none: "–"
        }
    }

    /// Whether there is nothing to say.
    var isBlank: Bool {
        switch self {
        case .none: true
        case .text(let text): text.isEmpty
        case .list(let texts): texts.isEmpty
        case .number, .time, .end, .truth, .name: false
        }
    }

    /// For a spreadsheet; absent facts are empty.
    var forSheet: String {
        switch self {
        case .text(let text): text
        case .number(let number): String(number)
        case .time(let seconds), .end(let seconds): Timestamp.machine(seconds)
        case .truth(let truth): truth ? "true" : "false"
        case .name(let name, _): name
        case .list(let texts): texts.joined(separator: ", ")
        case .none: ""
        }
    }
}

/// How a report for people is laid out: what the place it goes to can show.
package struct TextStyle: Sendable, Equatable {
    /// Whether tones become colors; false for files, pipes and where `NO_COLOR` is set.
    package var colors: Bool
    /// Entries shown of a long list before the rest is only counted; nil shows all.
    package var entriesAtMost: Int?
    /// Columns of a terminal that a cell of a list, or a name, may take before it is cut; nil cuts none.
    package var cellAtMost: Int?
    /// Columns of the terminal, into which lists are fitted, and at which lines are broken; nil where they may be as long as they are.
    package var columns: Int?
    /// How to see what was left out.
    package var seeRest = "--all shows them"

    package init(colors: Bool = false, entriesAtMost: Int? = nil, cellAtMost: Int? = nil, columns: Int? = nil) {
        self.colors = colors
        self.entriesAtMost = entriesAtMost
        self.cellAtMost = cellAtMost
        self.columns = columns
    }

    /// Entries of a section that a terminal shows unless everything is asked for.
    package static let terminalEntries = 200

    /// As much of a cell as a terminal shows unless everything is asked for.
    package static let terminalCell = 200

    /// A column is made as wide as its widest cell that is not wider than this; a wider one stands out.
    static let columnAtMost = 100

    /// No colors, everything: for files and tests.
    package static let plain = TextStyle()

    /// How many of so many entries are shown.
    package func shown(of count: Int) -> Int { min(count, entriesAtMost ?? count) }
}

/// What a piece of text means to the eye; meaning never rests on it alone.
package enum Tone: Sendable {
    case plain, strong, added, changed, removed, alarm, faint

    /// The parameters of the escape sequence that switches the tone on (ECMA-48, 8.3.117); nil for none.
    var graphicRendition: String? {
        switch self {
        case .plain: nil
        case .strong: "1"
        case .added: "32"
        case .changed: "33"
        case .removed: "31"
        case .alarm: "1;31"
        case .faint: "2"
        }
    }
}

/// A piece of a line.
package struct Span: Sendable, Equatable, ExpressibleByStringInterpolation {
    package var text: String
    package var tone: Tone

    package init(_ text: String, _ tone: Tone = .plain) {
        self.text = text
        self.tone = tone
    }

    package init(stringLiteral value: String) { self.init(value) }
}

/// What a value in a file must look like: the one description from which checks, messages and JSON Schemas come.
///
/// ```swift
/// let pet = Shape.object(
///     "a pet",
///     [
///         .required("name", .text, "What it is called."),
///         .optional("legs", .integer(0...100), default: "4", "How many legs it has."),
///         .optional("food", .choice(["hay", "fish"]), "What it eats."),
///         .optional("bath", .oneOf([.choice(["never"]), .duration]), default: "never", "How often it is washed."),
///         .optional("young", .list(.reference("pet")), "Its children."),
///     ])
/// let grammar = FileGrammar(name: "pet", title: "A pet", root: .reference("pet"), definitions: ["pet": pet])
///
/// var diagnostics = DiagnosticList()
/// if let file = grammar.read(SourceFile(name: "rex.yaml", bytes: bytes), into: &diagnostics), let pet = file.object {
///     let name = pet["name"]?.text        // String?, nil only where an error was reported
/// }
/// ```
package indirect enum Shape: Sendable {
    /// Any text that is not empty; `text(_:)` for text that must follow a pattern.
    case patternedText(TextPattern)
    case integers(ClosedRange<Int>)
    case boolean
    /// A length of time: `24h`.
    case durations(ClosedRange<Duration>)
    /// One of some words.
    case choices([Choice])
    case null
    /// The object is the same as this one, which stands in `FileGrammar.definitions`.
    case reference(String)
    case lists(Shape, ClosedRange<Int>)
    /// An object with known keys.
    case record(Record)
    /// An object whose keys the person chooses.
    case map(keys: TextPattern, values: Shape)
    /// The first that fits the kind of what was written; alternatives of the same kind are told apart by their keys or words.
    case oneOf([Shape])
    /// Checked like the shape inside, then refused since the feature is not built yet.
    case later(feature: String, Shape)

    package static let text = Shape.patternedText(.any)
    package static let duration = Shape.durations(.seconds(0)...(.seconds(100 * 366 * 86_400)))

    package static func text(_ pattern: TextPattern) -> Shape { .patternedText(pattern) }
    package static func integer(_ range: ClosedRange<Int>) -> Shape { .integers(range) }
    package static func duration(_ range: ClosedRange<Duration>) -> Shape { .durations(range) }
    package static func choice(_ choices: [Choice]) -> Shape { .choices(choices) }
    package static func list(_ items: Shape, count: ClosedRange<Int> = 0...50_000) -> Shape { .lists(items, count) }

    /// An object with known keys; `what` stands in messages: `a rule`.
    package static func object(_ what: String, _ keys: [Key], _ constraints: [KeyConstraint] = []) -> Shape {
        .record(Record(what: what, keys: keys, constraints: constraints))
    }
}

/// An object with known keys.
package struct Record: Sendable {
    /// With its article: `a rule`.
    package let what: String
    package let keys: [Key]
    package let constraints: [KeyConstraint]
}

extension Record {
    /// The key that somebody probably meant by one that there is not; nil where it stands among the fields, too.
    func key(meantBy field: YAMLField, among fields: [YAMLField]) -> Key? {
        let names = keys.map(\.name)
        guard !names.contains(field.key), let name = NearestName.of(field.key, in: names),
            !fields.contains(where: { $0.key == name })
        else { return nil }
        return keys.first { $0.name == name }
    }
}

/// A key of an object.
package struct Key: Sendable {
    package enum Presence: Sendable, Equatable {
        case required
        /// Absent means this, as documented; nil where absence has a meaning of its own.
        case optional(default: String?)
    }

    package let name: String
    package let shape: Shape
    package let presence: Presence
    /// One sentence, with capital and full stop; shown by editors.
    package let doc: String

    package static func required(_ name: String, _ shape: Shape, _ doc: String) -> Key {
        Key(name: name, shape: shape, presence: .required, doc: doc)
    }

    package static func optional(_ name: String, _ shape: Shape, default: String? = nil, _ doc: String) -> Key {
        Key(name: name, shape: shape, presence: .optional(default: `default`), doc: doc)
    }

    /// A key that is read and checked, then refused: its feature is not built yet.
    package static func later(_ name: String, _ shape: Shape, feature: String, _ doc: String) -> Key {
        Key(name: name, shape: .later(feature: feature, shape), presence: .optional(default: nil), doc: doc)
    }
}

/// What keys of one object demand of each other.
package enum KeyConstraint: Sendable {
    case exactlyOne([String])
    case atLeastOne([String])
    case atMostOne([String])
    /// The first may only stand beside the second.
    case needs(String, String)
}

/// A word that a value may be.
package struct Choice: Sendable, ExpressibleByStringLiteral {
    package let word: String
    /// The feature that it waits for.
    package let feature: String?

    package init(stringLiteral word: String) {
        self.word = word
        feature = nil
    }

    package init(_ word: String, later feature: String? = nil) {
        self.word = word
        self.feature = feature
    }
}

/// What a text must look like.
package struct TextPattern: Sendable {
    /// What stands in messages: `lower-case letters, digits and \`-\``.
    package let what: String
    /// What stands in the reference, where `what` would be too long: `an id`.
    package let short: String
    /// For JSON Schema (ECMA 262); nil where anything goes.
    package let regex: String?
    package let longest: Int
    let matches: @Sendable (String) -> Bool

    /// `matches` and `regex` must say the same; length is checked apart, in Unicode scalars.
    package init(
        what: String, short: String? = nil, regex: String?, longest: Int = 1_000,
        matches: @escaping @Sendable (String) -> Bool
    ) {
        self.what = what
        self.short = short ?? what
        self.regex = regex
        self.longest = longest
        self.matches = matches
    }

    /// Anything but nothing.
    package static let any = TextPattern(what: "text", regex: nil, longest: 100_000) { !$0.isEmpty }

    /// An id: `order-bot`.
    package static let id = TextPattern(
        what: "lower-case letters and digits, with `-` between them", short: "an id",
        regex: "^[a-z0-9]+(-[a-z0-9]+)*$", longest: 64
    ) { isWords($0, separator: UInt8(ascii: "-")) }

    /// A name of a switch or of an action: `crm_access`.
    package static let word = TextPattern(
        what: "lower-case letters and digits, with `_` or `-` between them", short: "a word",
        regex: "^[a-z0-9]+([_-][a-z0-9]+)*$", longest: 64
    ) { isWords(String($0.map { $0 == "_" ? "-" : $0 }), separator: UInt8(ascii: "-")) }

    /// A path of ids: `build/knowledge`.
    package static let path = TextPattern(
        what: "ids with `/` between them", short: "a path of ids",
        regex: "^[a-z0-9]+(-[a-z0-9]+)*(/[a-z0-9]+(-[a-z0-9]+)*)*$", longest: 256
    ) { path in
        path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
            .allSatisfy { isWords(String(Substring($0)), separator: UInt8(ascii: "-")) }
    }

    private static func isWords(_ text: String, separator: UInt8) -> Bool {
        text.utf8.split(separator: separator, omittingEmptySubsequences: false).allSatisfy { word in
            !word.isEmpty && word.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) }
        }
    }
}

extension Shape {
    /// The keys of this shape and of all shapes inside, but not behind references.
    package var keys: [Key] {
        switch self {
        case .record(let record): record.keys + record.keys.flatMap(\.shape.keys)
        case .lists(let items, _): items.keys
        case .map(_, let values): values.keys
        case .oneOf(let shapes): shapes.flatMap(\.keys)
        case .later(_, let inner): inner.keys
        default: []
        }
    }
}

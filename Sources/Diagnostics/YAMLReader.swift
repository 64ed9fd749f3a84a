import CYaml

/// What a file may at most be, so that no file can exhaust the machine.
package struct YAMLLimits: Sendable {
    package var bytes = 1_048_576
    package var depth = 32
    package var nodes = 50_000

    package init() {}
}

/// Reads the one document of a YAML file, strictly, with the place of everything; the one file that knows Yams.
///
/// It follows the events of the parser that comes with Yams, since only they tell anchors, aliases, tags and duplicate
/// keys apart, and let a bomb be refused before it is unfolded. Refused are those four, several documents, keys that are not
/// text, control characters, and everything beyond the limits.
package enum YAMLReader {
    /// The document as written; nil where it could not be read to its end, and then there is an error.
    package static func read(
        _ source: SourceFile, limits: YAMLLimits = YAMLLimits(), into diagnostics: inout DiagnosticList
    ) -> YAMLNode? {
        diagnostics.register(source)
        guard SourceText.isReadable(source, limits: limits, into: &diagnostics) else { return nil }
        let skipped = source.bytes.starts(with: SourceText.byteOrderMark) ? SourceText.byteOrderMark.count : 0
        return source.bytes[skipped...].withUnsafeBufferPointer { bytes in
            guard let events = YAMLEvents(bytes) else {
                diagnostics.error("file.not-yaml", at: nil, "no memory to read `\(source.name)`")
                return nil
            }
            var composer = YAMLComposer(source: source, limits: limits)
            return composer.compose(events, into: &diagnostics)
        }
    }
}

/// The parser of libyaml, over bytes that outlive it.
private final class YAMLEvents {
    private let parser: UnsafeMutablePointer<yaml_parser_t>

    init?(_ bytes: UnsafeBufferPointer<UInt8>) {
        parser = .allocate(capacity: 1)
        guard yaml_parser_initialize(parser) == 1 else {
            parser.deallocate()
            return nil
        }
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        yaml_parser_set_input_string(parser, bytes.baseAddress, bytes.count)
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deallocate()
    }

    /// Calls `body` with the next event; nil where the bytes are no YAML.
    func next<Result>(_ body: (borrowing yaml_event_t) -> Result) -> Result? {
        var event = yaml_event_t()
        guard yaml_parser_parse(parser, &event) == 1 else { return nil }
        defer { yaml_event_delete(&event) }
        return body(event)
    }

    /// What libyaml found wrong, and where it was (0-based).
    var problem: (text: String, context: String?, line: Int, column: Int) {
        let state = parser.pointee
        let text = state.problem.map { String(cString: $0) } ?? "the text is damaged"
        let context = state.context.map { String(cString: $0) + " that starts on line \(state.context_mark.line + 1)" }
        return (text, context, Int(state.problem_mark.line), Int(state.problem_mark.column))
    }
}

/// Builds nodes from events, without recursion.
private struct YAMLComposer {
    /// An object or list that is still open.
    private struct Frame {
        let isObject: Bool
        let position: SourcePosition
        var items: [YAMLNode] = []
        var fields: [YAMLField] = []
        var places: [String: Int] = [:]
        /// Key that waits for its value; `text` is nil where the key was refused.
        var key: (text: String?, position: SourcePosition)?
    }

    private enum Step { case goOn, done, refused }

    let source: SourceFile
    let limits: YAMLLimits
    private var frames: [Frame] = []
    private var root: YAMLNode?
    private var documents = 0
    private var nodes = 0

    init(source: SourceFile, limits: YAMLLimits) {
        self.source = source
        self.limits = limits
    }

    mutating func compose(_ events: YAMLEvents, into diagnostics: inout DiagnosticList) -> YAMLNode? {
        while true {
            let step = events.next { take($0, into: &diagnostics) }
            switch step {
            case .goOn: continue
            case .refused: return nil
            case .done:
                if root == nil { diagnostics.error("file.empty", at: at(0, 0), "the file holds nothing") }
                return root
            case nil:
                report(events, into: &diagnostics)
                return nil
            }
        }
    }

    private mutating func take(_ event: borrowing yaml_event_t, into diagnostics: inout DiagnosticList) -> Step {
        let place = at(Int(event.start_mark.line), Int(event.start_mark.column))
        switch event.type {
        case YAML_STREAM_END_EVENT: return .done
        case YAML_DOCUMENT_START_EVENT:
            documents += 1
            guard documents > 1 else { return .goOn }
            diagnostics.error(
                "file.several-documents", at: place, "a second document starts here, but a file holds one",
                hint: "remove the line `---`, or put the rest into a file of its own")
            return .refused
        case YAML_ALIAS_EVENT:
            let name = text(event.data.alias.anchor)
            diagnostics.error(
                "file.alias", at: place, "`*\(name)` is an alias, and aliases are not read",
                hint: "write out what it stands for")
            return add(broken(place), into: &diagnostics)
        case YAML_SCALAR_EVENT: return scalar(event, at: place, into: &diagnostics)
        case YAML_MAPPING_START_EVENT:
            let start = event.data.mapping_start
            refuse(anchor: start.anchor, tag: start.tag, at: place, into: &diagnostics)
            return open(Frame(isObject: true, position: place), into: &diagnostics)
        case YAML_SEQUENCE_START_EVENT:
            let start = event.data.sequence_start
            refuse(anchor: start.anchor, tag: start.tag, at: place, into: &diagnostics)
            return open(Frame(isObject: false, position: place), into: &diagnostics)
        case YAML_MAPPING_END_EVENT, YAML_SEQUENCE_END_EVENT: return close(into: &diagnostics)
        default: return .goOn
        }
    }

    private mutating func scalar(
        _ event: borrowing yaml_event_t, at place: SourcePosition, into diagnostics: inout DiagnosticList
    ) -> Step {
        let data = event.data.scalar
        refuse(anchor: data.anchor, tag: data.tag, at: place, into: &diagnostics)
        let bytes = UnsafeBufferPointer(start: data.value, count: data.value == nil ? 0 : data.length)
        let value = String(decoding: bytes, as: UTF8.self)
        if let control = value.unicodeScalars.first(where: SourceText.isControl) {
            diagnostics.error(
                "file.control-character", at: place,
                "the text holds the control character \(SourceText.name(of: control))", hint: "remove it")
            return add(broken(place), into: &diagnostics)
        }
        let isPlain = data.style == YAML_PLAIN_SCALAR_STYLE
        return add(YAMLNode(.scalar(YAMLScalar(text: value, isPlain: isPlain)), at: place), into: &diagnostics)
    }

    private mutating func open(_ frame: Frame, into diagnostics: inout DiagnosticList) -> Step {
        guard frames.count < limits.depth else {
            diagnostics.error(
                "file.too-deep", at: frame.position, "values are nested more than \(limits.depth) deep here")
            return .refused
        }
        frames.append(frame)
        return .goOn
    }

    private mutating func close(into diagnostics: inout DiagnosticList) -> Step {
        guard let frame = frames.popLast() else { return .goOn }
        let content: YAMLNode.Content = frame.isObject ? .object(frame.fields) : .list(frame.items)
        return add(YAMLNode(content, at: frame.position), into: &diagnostics)
    }

    /// Puts a finished node where it belongs: as a key, a value, an item or the root.
    private mutating func add(_ node: YAMLNode, into diagnostics: inout DiagnosticList) -> Step {
        nodes += 1
        guard nodes <= limits.nodes else {
            diagnostics.error(
                "file.too-many-values", at: node.position, "the file holds more than \(limits.nodes) values")
            return .refused
        }
        guard let last = frames.indices.last else {
            root = node
            return .goOn
        }
        if !frames[last].isObject {
            frames[last].items.append(node)
        } else if let key = frames[last].key {
            frames[last].key = nil
            if let name = key.text {
                frames[last].places[name] = frames[last].fields.count
                frames[last].fields.append(YAMLField(key: name, keyPosition: key.position, value: node))
            }
        } else {
            frames[last].key = (keyText(node, in: frames[last], into: &diagnostics), node.position)
        }
        return .goOn
    }

    private func keyText(_ node: YAMLNode, in frame: Frame, into diagnostics: inout DiagnosticList) -> String? {
        if node.isBroken { return nil }
        guard let scalar = node.scalar else {
            diagnostics.error("file.key-not-text", at: node.position, "a key must be one piece of text")
            return nil
        }
        if scalar.kind == .null {
            diagnostics.error("file.key-not-text", at: node.position, "a key is missing before the colon")
            return nil
        }
        guard let first = frame.places[scalar.text] else { return scalar.text }
        let line = frame.fields[first].keyPosition.line
        diagnostics.error(
            "file.duplicate-key", at: node.position, "`\(scalar.text)` is given twice, first on line \(line)",
            hint: "remove one of the two")
        return nil
    }

    private func refuse(
        anchor: UnsafeMutablePointer<yaml_char_t>?, tag: UnsafeMutablePointer<yaml_char_t>?, at place: SourcePosition,
        into diagnostics: inout DiagnosticList
    ) {
        if let anchor {
            diagnostics.error(
                "file.anchor", at: place, "`&\(text(anchor))` is an anchor, and anchors are not read",
                hint: "remove it, and write the value out where it is needed")
        }
        if let tag {
            diagnostics.error(
                "file.tag", at: place, "the value has the tag `\(text(tag))`, and tags are not read",
                hint: "remove it; put text that looks like a number in quotes")
        }
    }

    private func report(_ events: YAMLEvents, into diagnostics: inout DiagnosticList) {
        let problem = events.problem
        let place = at(problem.line, problem.column)
        let scalars = source.line(place.line).map { Array($0.unicodeScalars) } ?? []
        if scalars.indices.contains(place.column - 1), scalars[place.column - 1] == "\t" {
            diagnostics.error(
                "file.tab", at: place, "a tab cannot indent or separate here", hint: "use spaces instead of tabs")
            return
        }
        let context = problem.context.map { " \($0)" } ?? ""
        diagnostics.error("file.not-yaml", at: place, "this is no YAML: \(problem.text)\(context)")
    }

    private func broken(_ place: SourcePosition) -> YAMLNode {
        YAMLNode(.scalar(YAMLScalar(text: "", isPlain: false)), at: place, isBroken: true)
    }

    private func at(_ line: Int, _ column: Int) -> SourcePosition {
        SourcePosition(file: source.name, line: line + 1, column: column + 1)
    }

    private func text(_ bytes: UnsafeMutablePointer<yaml_char_t>?) -> String {
        bytes.map { String(decodingCString: $0, as: UTF8.self) } ?? ""
    }
}

/// Where an incremental reading goes on: a mark of the server's, and everything that must still be the same for it to mean anything.
///
/// The store keeps it as bytes, with the mirror that it belongs to, and never looks inside.
package struct SyncPosition: Sendable, Equatable {
    /// One named part.
    package struct Part: Sendable, Equatable {
        package var name: String
        package var value: [UInt8]

        package init(_ name: String, _ value: [UInt8]) {
            self.name = name
            self.value = value
        }

        package init(_ name: String, _ text: String) { self.init(name, Array(text.utf8)) }
    }

    /// How changes are told: `sync`, `changelog`, `dirsync`, `usn`, `times` or `file`.
    package var method: String
    /// What must be the same: server, identity, bases, filters, attributes, dialect; by name.
    package var belongsTo: [Part]
    /// The marks themselves, such as the cookie of each search; by name.
    package var marks: [Part]

    package init(method: String, belongsTo: [Part], marks: [Part]) {
        self.method = method
        self.belongsTo = belongsTo.sorted { $0.name < $1.name }
        self.marks = marks.sorted { $0.name < $1.name }
    }

    /// Whether changes from here are told by names, which have to be kept: of a file there is nothing to tell but whether it changed.
    package var needsNames: Bool { method != "file" }

    package func mark(_ name: String) -> [UInt8]? { marks.first { $0.name == name }?.value }

    /// What differs from what is so now, in words; nil when the position still means something.
    package func difference(method: String, belongsTo now: [Part]) -> String? {
        guard self.method == method else { return "changes were read by `\(self.method)`, and are by `\(method)` now" }
        let sorted = now.sorted { $0.name < $1.name }
        for part in sorted where !belongsTo.contains(part) {
            guard let known = belongsTo.first(where: { $0.name == part.name }) else {
                return "the last run did not know the \(part.name)"
            }
            return "the \(part.name) is another than in the last run: was `\(shown(known))`, is `\(shown(part))`"
        }
        guard let extra = belongsTo.first(where: { part in !sorted.contains { $0.name == part.name } }) else {
            return nil
        }
        return "the \(extra.name) is no longer known"
    }

    private func shown(_ part: Part) -> String {
        let text = String(decoding: part.value, as: UTF8.self)
        return text.unicodeScalars.count > 120 ? String(text.unicodeScalars.prefix(120)) + "…" : text
    }

    // MARK: Bytes

    private static let version: UInt8 = 1

    /// The position as the store keeps it.
    package var bytes: [UInt8] {
        var out = [SyncPosition.version]
        func append(_ value: [UInt8]) {
            withUnsafeBytes(of: UInt32(truncatingIfNeeded: value.count).littleEndian) { out.append(contentsOf: $0) }
            out.append(contentsOf: value)
        }
        append(Array(method.utf8))
        for list in [belongsTo, marks] {
            append(Array(String(list.count).utf8))
            for part in list {
                append(Array(part.name.utf8))
                append(part.value)
            }
        }
        return out
    }

    /// nil for bytes of another version, or damaged ones: then there is no position.
    package init?(bytes: [UInt8]) {
        guard bytes.first == SyncPosition.version else { return nil }
        var rest = bytes.dropFirst()
        func next() -> [UInt8]? {
            guard rest.count >= 4 else { return nil }
            let count = rest.prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
            rest = rest.dropFirst(4)
            guard count <= rest.count else { return nil }
            defer { rest = rest.dropFirst(count) }
            return Array(rest.prefix(count))
        }
        func nextText() -> String? { next().flatMap { String(validating: $0, as: UTF8.self) } }
        guard let method = nextText() else { return nil }
        var lists: [[Part]] = []
        for _ in 0..<2 {
            guard let count = nextText().flatMap({ Int($0) }), count >= 0, count <= bytes.count else { return nil }
            var parts: [Part] = []
            for _ in 0..<count {
                guard let name = nextText(), let value = next() else { return nil }
                parts.append(Part(name, value))
            }
            lists.append(parts)
        }
        guard rest.isEmpty else { return nil }
        self.init(method: method, belongsTo: lists[0], marks: lists[1])
    }
}

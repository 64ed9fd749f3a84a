package import Diagnostics
package import DirectoryModel

/// A group as a rule names it.
package struct GroupReference: Sendable, Hashable {
    package enum Name: Sendable, Hashable {
        /// A `cn`, compared without regard to case.
        case name(String)
        case dn(String)
        case id(ImmutableID)
        /// `desk-{workspace}-managers`: every group of that shape below the base, and what stands for the word.
        case captured(CapturedName)
    }
    package var name: Name
    /// The directory it must be in: `corp` of `corp:support`; nil for any.
    package var directory: String?
    /// A DN that must be above the group: `groups_under`.
    package var base: String?
    /// Whether members of members count.
    package var nested: Bool
    package var position: SourcePosition

    package init(name: Name, directory: String?, base: String?, nested: Bool, position: SourcePosition) {
        self.name = name
        self.directory = directory
        self.base = base
        self.nested = nested
        self.position = position
    }

    /// As a person writes it; what pins are kept under.
    package var text: String {
        let prefix = directory.map { $0 + ":" } ?? ""
        let below = base.map { " under \($0)" } ?? ""
        return switch name {
        case .name(let name): prefix + name + below
        case .dn(let dn): prefix + dn
        case .id(let id): "id \(prefix)\(id)"
        case .captured(let captured): prefix + captured.text + below
        }
    }

    package var captured: CapturedName? {
        if case .captured(let captured) = name { captured } else { nil }
    }
}

/// A group name with one word left open: `desk-{workspace}-managers`.
package struct CapturedName: Sendable, Hashable {
    package var prefix: String
    package var word: String
    package var suffix: String

    package init(prefix: String, word: String, suffix: String) {
        self.prefix = prefix
        self.word = word
        self.suffix = suffix
    }

    package var text: String { "\(prefix){\(word)}\(suffix)" }

    /// The id that stands for the word in a name, or nil when the name has another shape.
    package func id(in folded: [UInt8], prefix: [UInt8], suffix: [UInt8]) -> String? {
        guard folded.count > prefix.count + suffix.count, folded.starts(with: prefix),
            folded.suffix(suffix.count).elementsEqual(suffix)
        else { return nil }
        return CapturedName.slug(folded[prefix.count..<(folded.count - suffix.count)])
    }

    /// Lower-case ASCII letters and digits; every other run of characters becomes one `-`; nil when nothing is left.
    package static func slug(_ folded: some Sequence<UInt8>) -> String? {
        var out: [UInt8] = []
        for byte in folded {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): out.append(byte)
            default: if let last = out.last, last != UInt8(ascii: "-") { out.append(UInt8(ascii: "-")) }
            }
        }
        if out.last == UInt8(ascii: "-") { out.removeLast() }
        return out.isEmpty ? nil : String(decoding: out, as: UTF8.self)
    }
}

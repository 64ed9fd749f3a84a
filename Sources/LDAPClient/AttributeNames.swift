internal import DirectoryModel

/// The attributes a search asked for, to recognize them in answers by small integers.
package struct AttributeNames: Sendable {
    package enum Match: Equatable {
        /// The attribute at this place of `names`.
        case known(Int)
        /// That attribute with an option such as `;lang-en`: other values than those asked for.
        case option(Int)
        /// That attribute with `;range=…`: only some of its values.
        case range(Int)
        case unknown
    }

    /// As asked for.
    package let names: [String]
    private let lower: [[UInt8]]
    private let canonical: [[UInt8]]
    /// Where the next attribute is expected: servers repeat the order of their attributes.
    private var expected = 0

    package init(_ names: [String]) {
        self.names = names
        lower = names.map { Array($0.lowercased().utf8) }
        canonical = names.map { AttributeTypeName.canonical($0.utf8) }
    }

    /// Which attribute a description in an answer means; names are compared without regard to case, and aliases are known.
    @inline(__always)
    package mutating func match(_ description: UnsafeRawBufferPointer) -> Match {
        if expected < lower.count, isEqual(description, lower[expected]) {
            let found = expected
            expected += 1
            return .known(found)
        }
        return search(description)
    }

    /// To be called before each entry.
    @inline(__always)
    package mutating func startEntry() { expected = 0 }

    @inline(never)
    private mutating func search(_ description: UnsafeRawBufferPointer) -> Match {
        var name = description
        var options = description[description.endIndex...]
        if let semicolon = description.firstIndex(of: UInt8(ascii: ";")) {
            name = UnsafeRawBufferPointer(rebasing: description[..<semicolon])
            options = description[(semicolon + 1)...]
        }
        guard let found = index(of: name) else { return .unknown }
        if options.isEmpty {
            expected = found + 1
            return .known(found)
        }
        let isRange = options.split(separator: UInt8(ascii: ";")).contains { option in
            option.prefix(6).map { $0 | 0x20 }.elementsEqual("range=".utf8.map { $0 | 0x20 })
        }
        return isRange ? .range(found) : .option(found)
    }

    private func index(of name: UnsafeRawBufferPointer) -> Int? {
        if let found = lower.firstIndex(where: { isEqual(name, $0) }) { return found }
        let short = AttributeTypeName.canonical(name)
        return canonical.firstIndex { $0 == short }
    }

    @inline(__always)
    private func isEqual(_ name: UnsafeRawBufferPointer, _ lower: [UInt8]) -> Bool {
        guard name.count == lower.count else { return false }
        for index in 0..<name.count {
            let byte = name[index]
            let folded = (0x41...0x5a).contains(byte) ? byte | 0x20 : byte
            if folded != lower[index] { return false }
        }
        return true
    }
}

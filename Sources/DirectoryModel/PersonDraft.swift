/// What a source has read of one person so far, as places in the memory of the entry: filled, handed to `MirrorBuilder`, used again.
///
/// The bytes must stay where they are until the draft is handed over.
package struct PersonDraft {
    /// One value and the tag of the field it belongs to.
    struct Value {
        var tag: UInt8
        var bytes: UnsafeRawBufferPointer
    }

    /// Longer values are left out, in bytes; of one entry no more values are kept than this.
    package static let longestValue = 4096
    package static let mostValues = 1000

    package private(set) var dn = UnsafeRawBufferPointer(start: nil, count: 0)
    /// The id taken so far, if it is one.
    package private(set) var immutableID: ImmutableID?
    private var hasID = false
    var values: [Value] = []
    package var state = PersonState.enabled
    /// Seconds since 1970; `Int64.min` when unknown.
    package var lastSignIn = Int64.min
    /// When the account ends, seconds since 1970; `Int64.max` for never.
    package var expires = Int64.max
    /// The relative id of the primary group (Active Directory); 0 for none.
    package var primaryGroup: UInt32 = 0
    package var problems: EntryProblems = []

    package init() {}

    /// Forgets everything and starts with another entry.
    package mutating func start(dn: UnsafeRawBufferPointer) {
        self.dn = dn
        immutableID = nil
        hasID = false
        values.removeAll(keepingCapacity: true)
        state = .enabled
        lastSignIn = .min
        expires = .max
        primaryGroup = 0
        problems = []
        append(PersonField.dn.tag, dn)
    }

    /// Takes the id as the directory writes it; a second value makes the id unusable.
    package mutating func setID(_ bytes: UnsafeRawBufferPointer, _ syntax: IDSyntax = .any) {
        immutableID = hasID ? nil : syntax.id(bytes)
        hasID = true
    }

    /// Takes a login or an email: text without control characters.
    @inline(__always)
    package mutating func addIdentifying(_ tag: UInt8, _ bytes: UnsafeRawBufferPointer) {
        var high: UInt8 = 0
        var hasControl = false
        for byte in bytes {
            high |= byte
            hasControl = hasControl || byte < 0x20 || byte == 0x7f
        }
        if hasControl { problems.insert(.controlCharacter) }
        if high >= 0x80 { checkText(bytes) }
        append(tag, bytes)
    }

    /// Takes any other text.
    @inline(__always)
    package mutating func add(_ tag: UInt8, _ bytes: UnsafeRawBufferPointer) {
        var high: UInt8 = 0
        for byte in bytes { high |= byte }
        if high >= 0x80 { checkText(bytes) }
        append(tag, bytes)
    }

    /// Whether a value of the field has been taken.
    package func has(_ tag: UInt8) -> Bool { values.contains { $0.tag == tag } }

    @inline(never)
    private mutating func checkText(_ bytes: UnsafeRawBufferPointer) {
        if String(validating: bytes, as: UTF8.self) == nil { problems.insert(.invalidText) }
    }

    @inline(__always)
    private mutating func append(_ tag: UInt8, _ bytes: UnsafeRawBufferPointer) {
        guard bytes.count <= PersonDraft.longestValue, values.count < PersonDraft.mostValues else {
            problems.insert(.tooLarge)
            return
        }
        // Kept in the order of tags and values; entries have few of them, and mostly in order.
        var place = values.count
        while place > 0, PersonDraft.isBefore(tag, bytes, values[place - 1]) { place -= 1 }
        values.insert(Value(tag: tag, bytes: bytes), at: place)
    }

    @inline(__always)
    private static func isBefore(_ tag: UInt8, _ bytes: UnsafeRawBufferPointer, _ other: Value) -> Bool {
        if tag != other.tag { return tag < other.tag }
        return bytes.lexicographicallyPrecedes(other.bytes)
    }
}

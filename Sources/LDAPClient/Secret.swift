/// A password: bytes that are never printed and are wiped when the last holder lets go.
package final class Secret: @unchecked Sendable {
    // Safe to share: the bytes are written only before init returns and in deinit.
    private let bytes: UnsafeMutableRawBufferPointer

    package init(_ bytes: some Collection<UInt8>) {
        self.bytes = .allocate(byteCount: bytes.count, alignment: 1)
        self.bytes.copyBytes(from: bytes)
    }

    deinit {
        // Volatile in effect: the loop's stores go through a pointer that escapes to deallocate.
        for index in bytes.indices { bytes[index] = 0 }
        bytes.deallocate()
    }

    package var isEmpty: Bool { bytes.isEmpty }

    /// Whether a server that reads C strings would take the password for an empty one.
    package var startsWithNUL: Bool { bytes.first == 0 }

    func isSame(as other: Secret) -> Bool { bytes.elementsEqual(other.bytes) }

    /// Lends the bytes for one call.
    package func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try body(UnsafeRawBufferPointer(bytes))
    }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "(secret)" }
    package var debugDescription: String { "(secret)" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

import LDAPClient
import Testing

/// What is written is the shortest BER, and comes back as it was.
struct BERWriterTests {
    @Test(
        arguments: [
            (0, [0x02, 0x01, 0x00]), (127, [0x02, 0x01, 0x7f]), (128, [0x02, 0x02, 0x00, 0x80]),
            (255, [0x02, 0x02, 0x00, 0xff]), (256, [0x02, 0x02, 0x01, 0x00]), (-1, [0x02, 0x01, 0xff]),
            (-128, [0x02, 0x01, 0x80]), (-129, [0x02, 0x02, 0xff, 0x7f]),
            (Int(Int32.max), [0x02, 0x04, 0x7f, 0xff, 0xff, 0xff]),
        ] as [(Int, [UInt8])])
    func integersAreAsShortAsTheyCanBe(value: Int, expected: [UInt8]) throws {
        var writer = BERWriter()
        writer.integer(value)
        #expect(writer.bytes == expected)
        #expect(try read(writer.bytes) { (cursor) throws(BERFault) in try cursor.integer() } == value)
    }

    @Test(arguments: [Int.min, Int.max])
    func extremesComeBack(value: Int) throws {
        var writer = BERWriter()
        writer.integer(value)
        #expect(try read(writer.bytes) { (cursor) throws(BERFault) in try cursor.integer() } == value)
    }

    @Test(arguments: [0, 1, 127, 128, 255, 256, 65_535, 65_536])
    func longContentHasALongLength(count: Int) throws {
        var writer = BERWriter()
        writer.sequence { $0.octets([UInt8](repeating: 7, count: count)) }
        let back = try read(writer.bytes) { (cursor) throws(BERFault) -> Int in
            var inner = BERCursor(try cursor.next(0x30))
            return try inner.next(0x04).count
        }
        #expect(back == count)
    }

    @Test func optionalPartsAreTakenOnlyWhenTheyAreThere() throws {
        var writer = BERWriter()
        writer.boolean(true, tag: 0x81)
        writer.enumerated(3)
        try read(writer.bytes) { (cursor) throws(BERFault) in
            #expect(try cursor.nextIf(0x04) == nil)
            #expect(try cursor.boolean(0x81))
            #expect(cursor.nextTag == 0x0a)
            #expect(try cursor.integer(0x0a) == 3)
            #expect(cursor.nextTag == nil)
        }
    }

    @discardableResult
    private func read<Result>(
        _ bytes: [UInt8], _ body: (inout BERCursor) throws(BERFault) -> Result
    ) throws(BERFault) -> Result {
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
        defer { copy.deallocate() }
        copy.copyBytes(from: bytes)
        var cursor = BERCursor(UnsafeRawBufferPointer(copy))
        return try body(&cursor)
    }
}

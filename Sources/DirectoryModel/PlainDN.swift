/// The fast way to a canonical form: names of ASCII with one value in each RDN, which nearly all are.
enum PlainDN {
    /// Writes the canonical form of a plain name and returns its length; -1 when the name needs `DNParser` or is wrong.
    ///
    /// `out` must hold twice the name's length and 8 bytes more.
    @inline(__always)
    static func normalize(_ name: UnsafeRawBufferPointer, into out: UnsafeMutableRawBufferPointer) -> Int {
        var from = 0
        var to = 0
        let end = name.count
        while from < end {
            guard let afterType = type(name, from, out, &to) else { return -1 }
            guard let afterValue = value(name, afterType, out, &to) else { return -1 }
            out[to] = DNCanonicalForm.endOfRDN
            to += 1
            from = afterValue
            if from == end { return to }
            from += 1
            if from == end { return -1 }
        }
        return to
    }

    /// Copies a type in lower case, under its short name; the place after `=`, nil when it is not plain.
    @inline(__always)
    private static func type(
        _ name: UnsafeRawBufferPointer, _ start: Int, _ out: UnsafeMutableRawBufferPointer, _ to: inout Int
    ) -> Int? {
        var from = start
        let typeStart = to
        while from < name.count, name[from] == 0x20 { from += 1 }
        while from < name.count {
            let byte = name[from]
            from += 1
            switch byte {
            case 0x61...0x7a, 0x30...0x39, 0x2d, 0x2e:
                out[to] = byte
            case 0x41...0x5a:
                out[to] = byte | 0x20
            case 0x3d:
                guard to > typeStart else { return nil }
                rename(out, typeStart, &to)
                out[to] = DNCanonicalForm.afterType
                to += 1
                return from
            default:
                return nil
            }
            to += 1
        }
        return nil
    }

    @inline(__always)
    private static func rename(_ out: UnsafeMutableRawBufferPointer, _ start: Int, _ to: inout Int) {
        let written = UnsafeRawBufferPointer(rebasing: out[start..<to])
        guard let short = AttributeTypeName.alias(of: written) else { return }
        to = start
        for byte in short.utf8 {
            out[to] = byte
            to += 1
        }
    }

    /// Copies a value in lower case with single inner spaces; the place of the comma or the end, nil when it is not plain.
    @inline(__always)
    private static func value(
        _ name: UnsafeRawBufferPointer, _ start: Int, _ out: UnsafeMutableRawBufferPointer, _ to: inout Int
    ) -> Int? {
        var from = start
        while from < name.count, name[from] == 0x20 { from += 1 }
        if from < name.count, name[from] == 0x23 { return nil }
        var hasSpace = false
        while from < name.count {
            var byte = name[from]
            switch byte {
            case 0x2c:
                return from
            case 0x20:
                hasSpace = true
                from += 1
                continue
            case 0x22, 0x2b, 0x3b, 0x3c, 0x3e, 0..<0x20, 0x7f...0xff:
                return nil
            case 0x5c:
                guard let unescaped = escaped(name, &from) else { return nil }
                byte = unescaped
            default:
                break
            }
            if hasSpace {
                out[to] = 0x20
                to += 1
                hasSpace = false
            }
            out[to] = (0x41...0x5a).contains(byte) ? byte | 0x20 : byte
            to += 1
            from += 1
        }
        return from
    }

    /// The printable ASCII byte that an escape stands for, with `from` moved to its last byte; nil for any other.
    @inline(never)
    private static func escaped(_ name: UnsafeRawBufferPointer, _ from: inout Int) -> UInt8? {
        guard from + 1 < name.count else { return nil }
        let next = name[from + 1]
        if DNParser.isSpecial(next), next != 0x20 {
            from += 1
            return next
        }
        guard from + 2 < name.count, let high = DNParser.hexDigit(next), let low = DNParser.hexDigit(name[from + 2])
        else {
            return nil
        }
        let byte = high << 4 | low
        guard (0x21...0x7e).contains(byte) else { return nil }
        from += 2
        return byte
    }
}

import DirectoryModel

/// Reads single fields out of records in the mirror's arena without making values; never past the end.
struct PersonScan {
    let arena: UnsafeBufferPointer<UInt8>

    /// Calls for each field of the record from `start` of `length` bytes until the body says stop.
    @inline(__always)
    func fields(_ start: UInt32, _ length: UInt32, _ body: (_ tag: UInt8, _ from: Int, _ count: Int) -> Bool) {
        var index = Int(start)
        let end = min(index + Int(length), arena.count)
        while end - index >= 5 {
            let count =
                Int(arena[index + 1]) | Int(arena[index + 2]) << 8 | Int(arena[index + 3]) << 16
                | Int(arena[index + 4]) << 24
            let from = index + 5
            guard count <= end - from else { return }
            if !body(arena[index], from, count) { return }
            index = from + count
        }
    }

    func bytes(_ from: Int, _ count: Int) -> UnsafeBufferPointer<UInt8> {
        guard from >= 0, count >= 0, from + count <= arena.count else {
            return UnsafeBufferPointer(start: nil, count: 0)
        }
        return UnsafeBufferPointer(rebasing: arena[from..<(from + count)])
    }

    /// Whether the record names exactly this email (among others) and this name first; no name is any name.
    @inline(__always)
    func agrees(
        _ start: UInt32, _ length: UInt32, email: UnsafeBufferPointer<UInt8>, name: UnsafeBufferPointer<UInt8>
    ) -> Bool {
        var hasEmail = false
        var nameDiffers = false
        fields(start, length) { tag, from, count in
            if tag == PersonScan.emailTag {
                if !hasEmail { hasEmail = equals(from, count, email) }
            } else if tag == PersonScan.nameTag {
                nameDiffers = !equals(from, count, name)
                return false
            }
            return tag < PersonScan.nameTag
        }
        return hasEmail && !nameDiffers
    }

    @inline(__always)
    func equals(_ from: Int, _ count: Int, _ other: UnsafeBufferPointer<UInt8>) -> Bool {
        guard count == other.count else { return false }
        var index = 0
        while index < count {
            if arena[from + index] != other[index] { return false }
            index += 1
        }
        return true
    }

    /// The email to use: the current one if the person still has it, else one that differs only in case, else the bytewise smallest.
    func email(_ row: PersonRow, current: UnsafeBufferPointer<UInt8>, domains: [[UInt8]]) -> EmailChoice {
        var best: (rank: Int, from: Int, count: Int)?
        var isForeign = false
        fields(row.start, row.length) { tag, from, count in
            guard tag == PersonScan.emailTag else { return tag < PersonScan.emailTag }
            let value = bytes(from, count)
            guard EmailFold.isUsable(value) else { return true }
            guard EmailFold.isInside(domains, value) else {
                isForeign = true
                return true
            }
            let rank = equals(from, count, current) ? 0 : EmailFold.same(value, current) ? 1 : 2
            if best.map({ rank < $0.rank }) ?? true { best = (rank, from, count) }
            return rank > 0
        }
        if let best { return best.rank == 0 ? .current : .other(from: best.from, count: best.count) }
        return isForeign ? .foreign : .none
    }

    /// The first name, else the login.
    func name(_ row: PersonRow) -> (from: Int, count: Int)? {
        var found: (from: Int, count: Int)?
        fields(row.start, row.length) { tag, from, count in
            if tag == PersonScan.loginTag, found == nil { found = (from, count) }
            if tag == PersonScan.nameTag {
                found = (from, count)
                return false
            }
            return tag < PersonScan.nameTag
        }
        return found
    }

    static let loginTag = PersonField.login.tag
    static let emailTag = PersonField.email.tag
    static let nameTag = PersonField.name.tag
}

/// What the mail values of a person come to.
enum EmailChoice: Equatable {
    case current
    /// A place in the mirror's arena.
    case other(from: Int, count: Int)
    case none
    /// There are values, none in a domain where invitations may go.
    case foreign
}

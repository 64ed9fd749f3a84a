/// The pages of one search (RFC 2696): the cookie of the next, and what shows that a server does not come to an end.
struct PageWalk {
    /// Pages without entries in a row; one is legal, and servers that filter late send a few.
    static let maximumEmptyPages = 1_000

    let size: Int32
    private var cookie: [UInt8] = []
    private var emptyPages = 0
    private var entriesInPage = 0
    /// Hashes of the first DN of every page: a page that comes again would come for ever.
    private var firstNames: Set<Int> = []

    init(size: Int32) { self.size = size }

    /// The request for the next page: critical, so that a server that knows no pages says so.
    var control: RequestControl {
        var writer = BERWriter()
        writer.sequence { sequence in
            sequence.integer(Int(size))
            sequence.octets(cookie)
        }
        return RequestControl(ControlType.pagedResults, value: writer.bytes)
    }

    /// Takes note of an entry; what is wrong with it, if anything is.
    @inline(__always)
    mutating func note(_ dn: UnsafeRawBufferPointer) -> String? {
        entriesInPage += 1
        if entriesInPage == 1 { return noteFirst(dn) }
        return entriesInPage > Int(size) ? "a page of more entries than were asked for" : nil
    }

    @inline(never)
    private mutating func noteFirst(_ dn: UnsafeRawBufferPointer) -> String? {
        var hasher = Hasher()
        hasher.combine(bytes: dn)
        return firstNames.insert(hasher.finalize()).inserted ? nil : "a page that it had sent before"
    }

    /// Ends a page with the controls of its result: true when it was the last.
    mutating func finishPage(_ controls: [ResponseControl]) throws(PageFault) -> Bool {
        guard let value = controls.value(of: ControlType.pagedResults) else {
            throw PageFault(text: "a page without the control that says whether another follows")
        }
        guard let next = PageWalk.cookie(of: value) else {
            throw PageFault(text: "the control of a page cannot be read")
        }
        cookie = next
        emptyPages = entriesInPage == 0 ? emptyPages + 1 : 0
        entriesInPage = 0
        guard !next.isEmpty else { return true }
        if emptyPages >= PageWalk.maximumEmptyPages { throw PageFault(text: "a thousand empty pages in a row") }
        return false
    }

    /// `SEQUENCE { size INTEGER, cookie OCTET STRING }`; nil when it is something else.
    private static func cookie(of value: [UInt8]) -> [UInt8]? {
        value.withUnsafeBytes { bytes in
            var outer = BERCursor(bytes)
            guard let content = try? outer.next(0x30), outer.isAtEnd else { return nil }
            var inner = BERCursor(content)
            guard (try? inner.integer()) != nil, let cookie = try? inner.next(0x04), inner.isAtEnd else { return nil }
            return Array(cookie)
        }
    }
}

/// What is wrong with the pages of a server.
struct PageFault: Error {
    var text: String
}

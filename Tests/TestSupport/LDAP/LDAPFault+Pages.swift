/// Faults of paged results (RFC 2696) and of ranges of values.
extension LDAPFault {
    /// The answer of a page comes with another control, or with none.
    package static func cookie(
        at place: LDAPPlace = .done(nil),
        _ change: @escaping @Sendable ((size: Int, cookie: [UInt8])) -> (size: Int, cookie: [UInt8])?
    ) -> LDAPFault {
        changing(place) { message in
            guard let paged = message.pagedResults else { return }
            message.pagedResults = change(paged)
        }
    }

    /// The control of pages is there but cannot be read.
    package static func garbledPageControl(at place: LDAPPlace) -> LDAPFault {
        changing(place) { message in
            guard message.pagedResults != nil else { return }
            message.pagedResults = nil
            message.controls.append(
                LDAPMessage.Control(LDAPMessage.pagedResultsType, value: [0x30, 0x05, 0x02, 0x7f]))
        }
    }

    /// The entries of one page are lost, counted from 1 over searches below the base; its end comes.
    package static func dropPage(_ number: Int, under base: String = "") -> LDAPFault {
        let page = Count()
        let ends = LDAPPlace.done(nil, under: base).matcher()
        let entries = LDAPPlace.entry(nil, under: base).matcher()
        return responses { message, exchange in
            if ends(message, exchange) { _ = page.next() }
            return entries(message, exchange) && page.current == number - 1 ? [] : [.pass(message)]
        }
    }

    /// How a server that gives values in ranges goes wrong.
    package enum RangeFault: String, Sendable, CaseIterable {
        /// As it should be.
        case none
        /// Ranges come, and whoever asks for the next gets none.
        case continuationMissing
        /// Whoever asks for the next range gets the first again.
        case looping
        /// The second range calls itself the last, and is not.
        case endsEarly
        /// The first range overlaps with the second, by one.
        case overlapping
    }

    /// Caps the values of an attribute into ranges, as Microsoft's server does beyond MaxValRange.
    ///
    /// An entry comes with an empty attribute beside the one with the range; later ranges are asked for by name.
    package static func ranges(_ attribute: String, of size: Int, _ fault: RangeFault = .none) -> LDAPFault {
        let wanted = attribute.lowercased() + ";range="
        return LDAPFault(
            onRequest: { message, _ in
                guard let search = message.search,
                    search.attributes.contains(where: { $0.lowercased().hasPrefix(wanted) })
                else { return [.pass(message)] }
                // The server behind gives all values by the plain name.
                return [.pass(asking(message, for: attribute, inPlaceOf: wanted))]
            },
            onResponse: { message, exchange in
                guard var entry = message.entry, let place = entry.place(of: attribute),
                    let asked = exchange.request?.search?.attributes
                else { return [.pass(message)] }
                let low = asked.first { $0.lowercased().hasPrefix(wanted) }.flatMap { name in
                    Int(name.dropFirst(wanted.count).prefix { $0 != "-" })
                }
                let parts = range(entry.attributes[place], low, size, fault)
                guard !parts.isEmpty else { return [.pass(message)] }
                entry.attributes.replaceSubrange(place...place, with: parts)
                var changed = message
                changed.entry = entry
                return [.pass(changed)]
            })
    }

    private static func range(
        _ attribute: LDAPEntryParts.Attribute, _ low: Int?, _ size: Int, _ fault: RangeFault
    ) -> [LDAPEntryParts.Attribute] {
        let all = attribute.values
        var first = low ?? 0
        if low == nil, all.count <= size { return [] }
        if low != nil, fault == .continuationMissing { return [.init(attribute.name, [])] }
        if low != nil, fault == .looping { first = 0 }
        guard first < all.count else { return [.init(attribute.name, [])] }
        let last = min(all.count, first + size)
        let isLast = last == all.count || (fault == .endsEarly && low != nil)
        let start = fault == .overlapping && low != nil ? max(0, first - 1) : first
        let name = "\(attribute.name);range=\(first)-\(isLast ? "*" : String(last - 1))"
        let given = LDAPEntryParts.Attribute(name, Array(all[start..<last]))
        return low == nil ? [.init(attribute.name, []), given] : [given]
    }

    /// The same search with the plain name of the attribute.
    private static func asking(_ message: LDAPMessage, for attribute: String, inPlaceOf prefix: String) -> LDAPMessage {
        var parts = message.operation.parts
        let names = parts[7].parts.map { $0.text.lowercased().hasPrefix(prefix) ? attribute : $0.text }
        parts[7].content = names.flatMap { BER.text($0) }
        var changed = message
        changed.operation.content = parts.flatMap(\.encoded)
        return changed
    }
}

/// Ready-made faults: what servers get wrong in a single answer, or an intruder puts in.
extension LDAPFault {
    /// The operation ends with this result instead of its own.
    package static func result(
        _ code: Int, text: String = "", matched: String = "", referrals: [String] = [], at place: LDAPPlace
    ) -> LDAPFault {
        changing(place) { message in
            let more = message.result?.more ?? []
            message.result = LDAPResultParts(
                code: code, matched: matched, text: text, referrals: referrals, more: more)
        }
    }

    /// The message does not come.
    package static func drop(_ place: LDAPPlace) -> LDAPFault { replacing(place) { _ in [] } }

    /// The message comes twice.
    package static func double(_ place: LDAPPlace) -> LDAPFault { replacing(place) { [.pass($0), .pass($0)] } }

    /// Before the message comes another.
    package static func insert(
        before place: LDAPPlace, _ make: @escaping @Sendable (LDAPMessage) -> LDAPMessage
    ) -> LDAPFault {
        replacing(place) { [.pass(make($0)), .pass($0)] }
    }

    package static func insert(
        after place: LDAPPlace, _ make: @escaping @Sendable (LDAPMessage) -> LDAPMessage
    ) -> LDAPFault {
        replacing(place) { [.pass($0), .pass(make($0))] }
    }

    /// A continuation reference stands before the message.
    package static func reference(_ url: String, before place: LDAPPlace) -> LDAPFault {
        insert(before: place) { LDAPMessage(id: $0.id, reference: url) }
    }

    /// Bytes come in place of the message.
    package static func bytes(at place: LDAPPlace, _ make: @escaping @Sendable (LDAPMessage) -> [UInt8]) -> LDAPFault {
        replacing(place) { [.bytes(make($0))] }
    }

    /// At the message the server, or the network, does this, and then the message passes.
    package static func at(_ place: LDAPPlace, _ actions: LDAPAction...) -> LDAPFault {
        replacing(place) { actions + [.pass($0)] }
    }

    /// The message is changed.
    package static func changing(
        _ place: LDAPPlace, _ change: @escaping @Sendable (inout LDAPMessage) -> Void
    ) -> LDAPFault {
        replacing(place) { message in
            var changed = message
            change(&changed)
            return [.pass(changed)]
        }
    }

    /// An attribute is taken out of every entry whose number is a multiple of `every`, as an access rule does.
    package static func hide(_ attribute: String, every: Int = 1, under base: String = "") -> LDAPFault {
        let count = Count()
        return changing(.entry(nil, under: base)) { message in
            guard count.next().isMultiple(of: every) else { return }
            message.entry?.attributes.removeAll { $0.name.lowercased() == attribute.lowercased() }
        }
    }

    /// Entries for which it holds do not come, as an access rule does.
    package static func hideEntries(_ isHidden: @escaping @Sendable (LDAPEntryParts) -> Bool) -> LDAPFault {
        responses { message, _ in
            if let entry = message.entry, isHidden(entry) { [] } else { [.pass(message)] }
        }
    }

    package static func replacing(
        _ place: LDAPPlace, _ change: @escaping @Sendable (LDAPMessage) -> [LDAPAction]
    ) -> LDAPFault {
        let matches = place.matcher()
        return responses { message, exchange in
            matches(message, exchange) ? change(message) : [.pass(message)]
        }
    }
}

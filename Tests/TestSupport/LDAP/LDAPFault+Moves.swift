import Synchronization

/// Faults that keep something of one message for another.
extension LDAPFault {
    /// A message that should come before the end of its search comes right behind it.
    package static func moveBehindResult(_ place: LDAPPlace) -> LDAPFault {
        let matches = place.matcher()
        let kept = Mutex<LDAPMessage?>(nil)
        return responses { message, exchange in
            if matches(message, exchange) {
                kept.withLock { $0 = message }
                return []
            }
            guard message.kind == .searchDone, let late = kept.withLock({ $0.take() }) else { return [.pass(message)] }
            return [.pass(message), .pass(late)]
        }
    }

    /// An entry comes once more, before a later one of the same search.
    package static func repeatEntry(_ place: LDAPPlace, before later: LDAPPlace) -> LDAPFault {
        let (isFirst, isLater) = (place.matcher(), later.matcher())
        let kept = Mutex<LDAPMessage?>(nil)
        return responses { message, exchange in
            if isFirst(message, exchange) { kept.withLock { $0 = message } }
            guard isLater(message, exchange), var again = kept.withLock({ $0 }) else { return [.pass(message)] }
            again.id = message.id
            return [.pass(again), .pass(message)]
        }
    }

    /// The server is asked for pages of another size.
    package static func pageSize(_ size: Int) -> LDAPFault {
        requests { message, _ in
            guard message.search != nil, let paged = message.pagedResults else { return [.pass(message)] }
            var changed = message
            changed.pagedResults = (size, paged.cookie)
            return [.pass(changed)]
        }
    }

    /// The request of a page reaches the server without its cookie, so that the first page comes again.
    package static func forgetCookie(ofPage number: Int) -> LDAPFault {
        let count = Count()
        return requests { message, _ in
            guard let paged = message.pagedResults, message.search != nil, count.next() == number else {
                return [.pass(message)]
            }
            var changed = message
            changed.pagedResults = (paged.size, [])
            return [.pass(changed)]
        }
    }

    /// From some page on, every page is empty and announces another.
    package static func endlessPages(after number: Int, cookieChanges: Bool) -> LDAPFault {
        let count = Count()
        return requests { message, _ in
            guard message.pagedResults != nil, message.search != nil else { return [.pass(message)] }
            let place = count.next()
            guard place > number else { return [.pass(message)] }
            var end = LDAPMessage(id: message.id, .searchDone, LDAPResultParts(code: 0))
            end.pagedResults = (0, Array("more \(cookieChanges ? place : 0)".utf8))
            return [.reply(end)]
        }
    }

    /// One empty page comes in between, with a cookie that leads on to the next.
    package static func emptyPage(after number: Int) -> LDAPFault {
        let count = Count()
        let mark = Array("empty:".utf8)
        return requests { message, _ in
            guard message.search != nil, let paged = message.pagedResults else { return [.pass(message)] }
            var changed = message
            if paged.cookie.starts(with: mark) {
                changed.pagedResults = (paged.size, Array(paged.cookie.dropFirst(mark.count)))
                return [.pass(changed)]
            }
            guard count.next() == number + 1 else { return [.pass(message)] }
            changed = LDAPMessage(id: message.id, .searchDone, LDAPResultParts(code: 0))
            changed.pagedResults = (0, mark + paged.cookie)
            return [.reply(changed)]
        }
    }

    /// The entries of a page come in one piece with its end, as one write of the server.
    package static func glued(under base: String) -> LDAPFault {
        let (isEntry, isEnd) = (LDAPPlace.entry(nil, under: base).matcher(), LDAPPlace.done(nil, under: base).matcher())
        let kept = Mutex<[UInt8]>([])
        return responses { message, exchange in
            if isEntry(message, exchange) {
                kept.withLock { $0 += message.encoded }
                return []
            }
            guard isEnd(message, exchange) else { return [.pass(message)] }
            let bytes = kept.withLock { kept in
                defer { kept = [] }
                return kept + message.encoded
            }
            return [.bytes(bytes)]
        }
    }
}

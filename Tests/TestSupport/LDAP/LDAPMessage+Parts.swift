/// What a server says at the end of an operation (RFC 4511 §4.1.9).
package struct LDAPResultParts: Sendable, Hashable {
    package var code: Int
    package var matched: String
    package var text: String
    package var referrals: [String]
    /// What follows in this kind of answer, such as the name of an extended one, as it came.
    package var more: [BERElement]

    package init(
        code: Int, matched: String = "", text: String = "", referrals: [String] = [], more: [BERElement] = []
    ) {
        self.code = code
        self.matched = matched
        self.text = text
        self.referrals = referrals
        self.more = more
    }

    var content: [UInt8] {
        var parts = [BER.integer(code, tag: 0x0a), BER.text(matched), BER.text(text)]
        if !referrals.isEmpty { parts.append(BER.sequence(referrals.map { BER.text($0) }, tag: 0xa3)) }
        return (parts + more.map(\.encoded)).flatMap { $0 }
    }
}

/// An entry of a search.
package struct LDAPEntryParts: Sendable, Hashable {
    package struct Attribute: Sendable, Hashable {
        package var name: String
        package var values: [[UInt8]]

        package init(_ name: String, _ values: [[UInt8]]) {
            self.name = name
            self.values = values
        }
    }

    package var dn: String
    package var attributes: [Attribute]

    package init(dn: String, attributes: [Attribute]) {
        self.dn = dn
        self.attributes = attributes
    }

    /// The place of an attribute by its name without regard to case; options are part of the name.
    package func place(of name: String) -> Int? {
        attributes.firstIndex { $0.name.lowercased() == name.lowercased() }
    }

    var content: [UInt8] {
        let list = attributes.map { attribute in
            BER.sequence([BER.text(attribute.name), BER.sequence(attribute.values.map { BER.octets($0) }, tag: 0x31)])
        }
        return BER.text(dn) + BER.sequence(list)
    }
}

/// What a search asks for (RFC 4511 §4.5.1).
package struct LDAPSearchParts: Sendable, Hashable {
    package var base: String
    /// 0 the base, 1 one level, 2 the whole subtree.
    package var scope: Int
    package var sizeLimit: Int
    package var filter: BERElement
    package var attributes: [String]
}

extension LDAPMessage {
    /// A message that ends an operation.
    package init(id: Int, _ kind: Kind, _ result: LDAPResultParts, controls: [Control] = []) {
        self.init(id: id, operation: BERElement(kind.rawValue, result.content), controls: controls)
    }

    package init(id: Int, _ entry: LDAPEntryParts, controls: [Control] = []) {
        self.init(id: id, operation: BERElement(Kind.searchEntry.rawValue, entry.content), controls: controls)
    }

    /// A part of the answer that is on another server.
    package init(id: Int, reference url: String) {
        self.init(id: id, .searchReference, [BER.text(url)])
    }

    /// The server's word that it ends the connection (RFC 4511 §4.4.1).
    package static func noticeOfDisconnection(code: Int = 52, text: String = "going down") -> LDAPMessage {
        let name = BERElement(0x8a, Array("1.3.6.1.4.1.1466.20036".utf8))
        return LDAPMessage(id: 0, .extendedResponse, LDAPResultParts(code: code, text: text, more: [name]))
    }

    /// How an operation ended; nil for messages that end none.
    package var result: LDAPResultParts? {
        get {
            guard kind == .bindResponse || kind == .searchDone || kind == .extendedResponse else { return nil }
            let parts = operation.parts
            guard parts.count >= 3 else { return nil }
            return LDAPResultParts(
                code: parts[0].number, matched: parts[1].text, text: parts[2].text,
                referrals: parts.dropFirst(3).first { $0.tag == 0xa3 }?.parts.map(\.text) ?? [],
                more: parts.dropFirst(3).filter { $0.tag != 0xa3 })
        }
        set { if let newValue { operation.content = newValue.content } }
    }

    package var entry: LDAPEntryParts? {
        get {
            let parts = operation.parts
            guard kind == .searchEntry, parts.count == 2 else { return nil }
            let attributes = parts[1].parts.compactMap { attribute -> LDAPEntryParts.Attribute? in
                let parts = attribute.parts
                guard parts.count == 2 else { return nil }
                return LDAPEntryParts.Attribute(parts[0].text, parts[1].parts.map(\.content))
            }
            return LDAPEntryParts(dn: parts[0].text, attributes: attributes)
        }
        set { if let newValue { operation.content = newValue.content } }
    }

    package var search: LDAPSearchParts? {
        let parts = operation.parts
        guard kind == .searchRequest, parts.count == 8 else { return nil }
        return LDAPSearchParts(
            base: parts[0].text, scope: parts[1].number, sizeLimit: parts[3].number, filter: parts[6],
            attributes: parts[7].parts.map(\.text))
    }

    /// The name of an extended operation.
    package var extendedName: String? {
        guard kind == .extendedRequest else { return nil }
        return operation.parts.first { $0.tag == 0x80 }?.text
    }

    package static let pagedResultsType = "1.2.840.113556.1.4.319"

    /// The control of pages (RFC 2696): the size asked for, or an estimate, and the cookie.
    package var pagedResults: (size: Int, cookie: [UInt8])? {
        get {
            guard let value = control(LDAPMessage.pagedResultsType)?.value,
                let parts = BERElement.all(in: value).first?.parts, parts.count == 2
            else { return nil }
            return (parts[0].number, parts[1].content)
        }
        set {
            let isCritical = control(LDAPMessage.pagedResultsType)?.isCritical ?? false
            controls.removeAll { $0.type == LDAPMessage.pagedResultsType }
            guard let newValue else { return }
            let value = BER.sequence([BER.integer(newValue.size), BER.octets(newValue.cookie)])
            controls.append(Control(LDAPMessage.pagedResultsType, isCritical: isCritical, value: value))
        }
    }
}

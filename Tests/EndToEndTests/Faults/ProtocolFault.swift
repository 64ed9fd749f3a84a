import TestSupport
import Testing

/// Something that a server or a network gets wrong, how the run has to end, and what it has to say.
struct ProtocolFault: Sendable, CustomTestStringConvertible {
    var name: String
    /// The exit code.
    var status: Int32
    var says: String
    var password: String?
    var timeouts: String?
    /// Made anew for each run, as faults count.
    var faults: @Sendable () -> [LDAPFault]

    init(
        _ name: String, _ status: Int32, _ says: String, password: String? = nil, timeouts: String? = nil,
        _ faults: @escaping @Sendable () -> [LDAPFault]
    ) {
        self.name = name
        self.status = status
        self.says = says
        self.password = password
        self.timeouts = timeouts
        self.faults = faults
    }

    var testDescription: String { name }

    static let suffix = ADDomain.suffix
    static let people = "OU=people,\(ADDomain.suffix)"
    static let groups = "OU=groups,\(ADDomain.suffix)"
    private static let broken = "ended in the middle"
    private static let unasked = "nobody asked for"

    /// A company whose people come in five pages and whose groups come in two.
    static func domain() -> ADDomain {
        domain(people: 23)
    }

    static func domain(people count: Int) -> ADDomain {
        var domain = ADDomain()
        for branch in ["people", "groups"] {
            domain.add(
                "OU=\(branch),\(ADDomain.suffix)", ["objectClass": ["top", "organizationalUnit"], "ou": [branch]])
        }
        for number in 0..<count { domain.addUser("p\(number)", number: 1_000 + number, below: people) }
        for (number, name) in ["support", "leads", "a", "b", "c", "d", "e"].enumerated() {
            let members = (0...(6 - number)).map { "CN=p\($0),\(people)" }
            domain.addGroup(name, number: 3_000 + number, members: members, below: groups)
        }
        return domain
    }

    // MARK: The connection

    static let connections: [ProtocolFault] = [
        ProtocolFault("drip", 69, "timeouts.pull", timeouts: "connect: 1s, idle: 30s, pull: 3s") {
            [.at(.entry(1, under: people), .drip(bytesPerSecond: 40))]
        },
        ProtocolFault("drip of one entry", 69, "`timeouts.") {
            [.at(.entry(1, under: people), .drip(bytesPerSecond: 40))]
        },
        ProtocolFault("half of the connection ends", 69, broken) { [.at(.entry(3, under: people), .halfClose)] },
        ProtocolFault("connection ends among people", 69, broken) { [.at(.entry(8, under: people), .close)] },
        ProtocolFault("connection ends among groups", 69, broken) { [.at(.entry(6, under: groups), .close)] },
        ProtocolFault("connection is reset", 69, broken) { [.at(.entry(8, under: people), .reset)] },
        ProtocolFault("nothing in answer to the bind", 69, "`timeouts.") { [.at(.bind, .stall)] },
        ProtocolFault("nothing more among people", 69, "`timeouts.idle`") { [.at(.entry(8, under: people), .stall)] },
        ProtocolFault("nothing at all of the people", 69, "`timeouts.idle`") {
            [.at(.entry(1, under: people), .stall)]
        },
        ProtocolFault("nothing after a page", 69, "`timeouts.idle`") { [.at(.done(2, under: people), .stall)] },
        ProtocolFault("nothing more among groups", 69, "`timeouts.idle`") {
            [.at(.entry(6, under: groups), .stall)]
        },
        ProtocolFault("notice in answer to the bind", 69, "(52)") {
            [.insert(before: .bind) { _ in .noticeOfDisconnection() }]
        },
        ProtocolFault("notice of disconnection", 69, broken) {
            [.insert(before: .entry(4, under: people)) { _ in .noticeOfDisconnection() }]
        },
        ProtocolFault("notice among groups", 69, broken) {
            [.insert(before: .entry(4, under: groups)) { _ in .noticeOfDisconnection() }]
        },
    ]

    // MARK: Messages

    static let messages: [ProtocolFault] = [
        ProtocolFault("result under another number", 69, "`timeouts.") {
            [.changing(.done(2, under: people)) { $0.id += 1_000 }]
        },
        ProtocolFault("entry under another number", 4, unasked) {
            [.changing(.entry(3, under: people)) { $0.id += 1_000 }]
        },
        ProtocolFault("entry under the number 0", 4, unasked) { [.changing(.entry(3, under: people)) { $0.id = 0 }] },
        ProtocolFault("entry under a negative number", 4, unasked) {
            [.changing(.entry(3, under: people)) { $0.id = -1 }]
        },
        ProtocolFault("entry under the number of an earlier page", 4, unasked) {
            [.changing(.entry(8, under: people)) { $0.id -= 1 }]
        },
        ProtocolFault("last of the people behind their result", 4, unasked) {
            [.moveBehindResult(.entry(23, under: people))]
        },
        ProtocolFault("last of the groups behind their result", 4, unasked) {
            [.moveBehindResult(.entry(7, under: groups))]
        },
        ProtocolFault("result of a page twice", 4, unasked) { [.double(.done(2, under: people))] },
        ProtocolFault("last result twice", 4, unasked) { [.double(.done(2, under: groups))] },
        ProtocolFault("result before its entries", 4, "sent something that is not LDAP") {
            [
                .insert(before: .entry(3, under: people)) {
                    LDAPMessage(id: $0.id, .searchDone, LDAPResultParts(code: 0))
                }
            ]
        },
        ProtocolFault("no entries at all", 4, "no entry under") { [.hideEntries { $0.dn.hasSuffix(people) }] },
        ProtocolFault("no groups at all", 4, "is a group by") { [.hideEntries { $0.dn.hasSuffix(groups) }] },
        ProtocolFault("entry twice", 4, "two entries have the") { [.double(.entry(22, under: people))] },
        ProtocolFault("group twice", 4, "two entries have the") { [.double(.entry(7, under: groups))] },
        ProtocolFault("success with a remark", 4, "Proxy can't contact remote server") {
            [.result(0, text: "Proxy can't contact remote server", at: .done(2, under: groups))]
        },
        ProtocolFault("referral instead of a result", 4, "(10)") {
            [.result(10, referrals: ["ldap://127.0.0.1:9/"], at: .done(1, under: people))]
        },
        ProtocolFault("reference among entries", 4, "on another server") {
            [.reference("ldap://127.0.0.1:9/ou=more", before: .entry(4, under: people))]
        },
        ProtocolFault("wrong password taken as anonymous", 77, "takes us for anonymous", password: "wrong horse") {
            [.result(0, at: .bind)]
        },
    ]

    // MARK: Pages, values and what is hidden

    static let contents: [ProtocolFault] = [
        ProtocolFault("page comes again", 4, "sent before") { [.forgetCookie(ofPage: 4)] },
        ProtocolFault("pages overlap", 4, "two entries have the") {
            [.repeatEntry(.entry(19, under: people), before: .entry(22, under: people))]
        },
        ProtocolFault("page is larger than asked", 4, "more entries than were asked for") { [oversizedPage] },
        ProtocolFault("page without its control", 4, "without the control") {
            [.cookie(at: .done(1, under: people)) { _ in nil }]
        },
        ProtocolFault("last page without its control", 4, "without the control") {
            [.cookie(at: .done(5, under: people)) { _ in nil }]
        },
        ProtocolFault("control of a page cannot be read", 4, "cannot be read") {
            [.garbledPageControl(at: .done(2, under: people))]
        },
        ProtocolFault("cookie is invalid to slapd", 4, "(2)") { [.result(2, at: .done(2, under: people))] },
        ProtocolFault("cookie is invalid to Samba", 4, "(53)") { [.result(53, at: .done(2, under: people))] },
        ProtocolFault("pages without end", 4, "empty pages in a row") {
            [.endlessPages(after: 3, cookieChanges: true)]
        },
        ProtocolFault("pages without end, one cookie", 4, "empty pages in a row") {
            [.endlessPages(after: 3, cookieChanges: false)]
        },
        ProtocolFault("server went back", 4, "is behind") {
            [
                .changing(LDAPPlace(.searchEntry)) { message in
                    guard let place = message.entry?.place(of: "highestCommittedUSN") else { return }
                    message.entry?.attributes[place].values = [Array("9000".utf8)]
                }
            ]
        },
        ProtocolFault("address hidden on everybody", 4, "`mail`") { [.hide("mail")] },
        ProtocolFault("address hidden on every fifth", 4, "`mail`") { [.hide("mail", every: 5, under: people)] },
        ProtocolFault("flag hidden on everybody", 4, "userAccountControl") { [.hide("userAccountControl")] },
        ProtocolFault("id hidden on everybody", 4, "objectGUID") { [.hide("objectGUID")] },
        ProtocolFault("members hidden", 4, "member") { [.hide("member")] },
    ]

    /// A page into which the server puts as many entries more as were asked for at most.
    private static var oversizedPage: LDAPFault {
        .replacing(.entry(2, under: people)) { message in
            let more = (0..<1_000).map { number in
                var other = message
                other.entry?.dn = "CN=more\(number),\(people)"
                return LDAPAction.pass(other)
            }
            return more + [.pass(message)]
        }
    }

    // MARK: The confirmation

    /// What can go wrong when those who are missing are looked for by id; each night anew.
    static let confirmations: [ProtocolFault] = {
        let (entry, done) = (LDAPPlace.entry(scope: 2, base: suffix), LDAPPlace.done(scope: 2, base: suffix))
        return [
            ProtocolFault("confirmation ends", 69, broken) { [.at(done, .close)] },
            ProtocolFault("confirmation is reset", 69, broken) { [.at(entry, .reset)] },
            ProtocolFault("nothing in answer to the confirmation", 69, "`timeouts.idle`") { [.at(entry, .stall)] },
            ProtocolFault("no end of the confirmation", 69, "`timeouts.idle`") { [.at(done, .stall)] },
            ProtocolFault("confirmation drips", 69, "`timeouts.") { [.at(entry, .drip(bytesPerSecond: 40))] },
            ProtocolFault("notice instead of the confirmation", 69, broken) {
                [.insert(before: entry) { _ in .noticeOfDisconnection() }]
            },
            ProtocolFault("confirmation under another number", 69, "`timeouts.") {
                [.changing(done) { $0.id += 1_000 }]
            },
            ProtocolFault("somebody else is found", 4, unasked) { [.changing(entry) { $0.id += 1_000 }] },
            ProtocolFault("end of the confirmation is no LDAP", 4, "sent something that is not LDAP") {
                [.bytes(at: done) { BERAttack.wrongTag.bytes(for: $0) }]
            },
        ]
    }()

    static let ranges = LDAPFault.RangeFault.allCases.filter { $0 != .none }.map { fault in
        ProtocolFault("range \(fault.rawValue)", 4, "`member`") { [.ranges("member", of: 3, fault)] }
    }

    static let attacks = BERAttack.allCases.map { attack in
        ProtocolFault("message \(attack.rawValue)", attack.status, attack.says) {
            [.bytes(at: .entry(3, under: people)) { attack.bytes(for: $0) }]
        }
    }

    // MARK: Result codes

    /// Every code at every place before the confirmation; a sample of them without a soak.
    static var codes: [ProtocolFault] {
        var all: [ProtocolFault] = []
        for code in [1, 2, 3, 4, 7, 8, 10, 11, 12, 13, 14, 32, 48, 49, 50, 51, 52, 53, 54, 80, 4096] {
            let status: Int32 = [51, 52].contains(code) ? 69 : 77
            all.append(
                ProtocolFault("code \(code) at the bind", status, "(\(code))") {
                    [.result(code, text: "as tested", at: .bind)]
                })
            all.append(searched(code, "people") { .done(1, under: people) })
            all.append(searched(code, "a page") { .done(3, under: people) })
            all.append(searched(code, "groups") { .done(1, under: groups) })
        }
        return stride(from: 0, to: all.count, by: Figures.of(7, soak: 1)).map { all[$0] }
    }

    private static func searched(
        _ code: Int, _ what: String, _ place: @escaping @Sendable () -> LDAPPlace
    ) -> ProtocolFault {
        ProtocolFault("code \(code) at \(what)", [1, 51, 52, 80].contains(code) ? 69 : 4, "(\(code))") {
            [.result(code, text: "as tested", at: place())]
        }
    }
}

extension BERAttack {
    /// A message whose frame is broken ends the connection; one whose content is broken is told.
    fileprivate var status: Int32 {
        switch self {
        case .negativeID, .truncatedInside, .entryWithoutAttributes, .wrongTag, .deepNesting: 4
        default: 69
        }
    }

    fileprivate var says: String {
        switch self {
        case .negativeID: "nobody asked for"
        case .truncatedInside, .entryWithoutAttributes, .wrongTag, .deepNesting: "sent something that is not LDAP"
        default: "ended in the middle"
        }
    }
}

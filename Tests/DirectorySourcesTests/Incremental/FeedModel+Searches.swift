import DirectoryModel
import LDAPClient
import TestSupport

@testable import DirectorySources

/// What the model answers: the root entry, its log or list of changes, and searches for entries.
extension FeedModel: ChangeSearches {
    /// An entry as the server shows it.
    struct Row {
        var number: Int
        var dn: String
        /// By name in lower case.
        var attributes: [String: [[UInt8]]]
        var isDeleted = false

        init(_ number: Int, _ dn: String, _ attributes: [(String, [[UInt8]])]) {
            self.number = number
            self.dn = dn
            self.attributes = Dictionary(attributes.filter { !$0.1.isEmpty }) { first, _ in first }
        }

        func values(_ name: String) -> [[UInt8]] { attributes[name.lowercased()] ?? [] }
    }

    // MARK: The server

    var detected: DetectedServer {
        var server = DetectedServer(kind: nil, vendor: "", namingContexts: [ModelDirectory.suffix])
        guard kind.isDomain else { return server }
        server.domain = DetectedServer.Domain(
            context: ModelDirectory.suffix, root: ModelDirectory.suffix, configuration: "", host: "",
            database: database.withUnsafeBytes { ImmutableID(objectGUID: $0) }, sequence: number)
        return server
    }

    func detect() throws(PullFailure) -> DetectedServer {
        isUntold = false
        return detected
    }

    func read(_ base: String, _ attributes: [String]) throws(PullFailure) -> [[[UInt8]]]? {
        if base.isEmpty { return [[Array("\(log.last?.number ?? 0)".utf8)]] }
        guard let row = current().values.first(where: { $0.dn == base }) else { return nil }
        return attributes.map(row.values)
    }

    func run(_ search: SearchRequest, _ each: (borrowing EntryView) throws(BERFault) -> Void) throws(PullFailure) {
        try settings.checkWhole(try self.search(search, each), search, url, harmless: ForestReferences(nil))
    }

    func runOverSuffix(
        _ search: SearchRequest, _ each: (borrowing EntryView) throws(BERFault) -> Void
    ) throws(PullFailure) -> Bool {
        try self.search(search, each).isWhole
    }

    func whole(_ entry: PartialEntry, _ attributes: [String]) throws(PullFailure) -> EntryCopy {
        throw settings.failure(.incomplete, "nothing comes in parts here", "")
    }

    func search(
        _ search: SearchRequest, _ each: (borrowing EntryView) throws(BERFault) -> Void
    ) throws(PullFailure) -> SearchEnd {
        if let control = search.controls.first(where: { $0.oid == DirSyncControl.oid }) {
            return try listChanges(since: control, search, each)
        }
        if search.base == "cn=changelog" { return try tellLog(search, each) }
        if search.filter.types.contains("modifyTimestamp") { isUntold = false }
        if search.filter.types.contains("member") { for _ in 0..<changesBesideHolders { change() } }
        var end = SearchEnd(code: 0, text: "", entries: 0, references: 0)
        if !current().values.contains(where: { $0.dn == search.base }) { end.code = 32 }
        let seesDeleted = kind != .updateSequenceWithoutRights && !search.controls.isEmpty
        for number in current().keys.sorted() + (seesDeleted ? tombstones.map(\.entry) : []) {
            meanwhile()
            guard let row = current()[number] ?? tombstone(number),
                !row.isDeleted || seesDeleted, FeedModel.isIn(row.dn, search), FeedModel.matches(search.filter, row)
            else { continue }
            try send(row, search.attributes, each)
            end.entries += 1
        }
        return end
    }

    // MARK: Lists of changes

    /// The log, but for changes that are written and cannot be read yet.
    private func tellLog(
        _ search: SearchRequest, _ each: (borrowing EntryView) throws(BERFault) -> Void
    ) throws(PullFailure) -> SearchEnd {
        isUntold = false
        var shown = log
        if isLogBehind {
            let place = shown.count - Int.random(in: 1...3, using: &directory.numbers)
            if place > 0 {
                shown.remove(at: place)
                isUntold = true
            }
        }
        var end = SearchEnd(code: 0, text: "", entries: 0, references: 0)
        for record in shown.shuffled(using: &directory.numbers) {
            func text(_ text: String?) -> [[UInt8]] { text.map { [Array($0.utf8)] } ?? [] }
            let row = Row(
                record.number, "changenumber=\(record.number),cn=changelog",
                [
                    ("changenumber", text("\(record.number)")), ("targetdn", text(record.dn)),
                    ("targetuniqueid", record.id.map { IDSyntax.fourGroups.spellings($0) } ?? []),
                    ("changetype", text(record.kind)), ("newrdn", text(record.newRDN)),
                    ("newsuperior", text(record.newSuperior)), ("changetime", text(GeneralizedTime.text(record.time))),
                ])
            guard FeedModel.matches(search.filter, row) else { continue }
            try send(row, search.attributes, each)
            end.entries += 1
        }
        return end
    }

    /// Active Directory's list of changes since a cookie, a few at a time: the number and the database that it was counted on.
    ///
    /// The cookie of another database leads to everything, one that is too old or none at all to a refusal.
    private func listChanges(
        since control: RequestControl, _ search: SearchRequest,
        _ each: (borrowing EntryView) throws(BERFault) -> Void
    ) throws(PullFailure) -> SearchEnd {
        meanwhile()
        isUntold = false
        var end = SearchEnd(code: 0, text: "", entries: 0, references: 0)
        let value = control.value ?? []
        let answer = value.withUnsafeBytes { try? DirSyncControl.answer($0) }
        guard let cookie = answer?.cookie, let since = since(cookie) else {
            end.code = 12
            return end
        }
        let living = current().values.map { row in
            (row: row, number: numbers[directory.entries[row.number]?.stamp ?? 0] ?? 0)
        }
        let gone = tombstones.compactMap { tombstone in
            self.tombstone(tombstone.entry).map { (row: $0, number: tombstone.number) }
        }
        var changed = (living + gone).filter { $0.number > since && FeedModel.matches(search.filter, $0.row) }
        changed.sort { ($0.number, $0.row.number) < ($1.number, $1.row.number) }
        var last = number
        if changed.count > 3, directory.numbers.once(in: 2) {
            last = changed[2].number
            changed.removeAll { $0.number > last }
            isUntold = true
        }
        for (row, _) in changed {
            try send(row, search.attributes, each)
            end.entries += 1
        }
        let next = Array("MSDS".utf8) + withUnsafeBytes(of: last.littleEndian) { Array($0) } + database
        var writer = BERWriter()
        writer.sequence { sequence in
            sequence.integer(last == number ? 0 : 1)
            sequence.integer(0)
            sequence.octets(next)
        }
        end.controls = [ResponseControl(oid: DirSyncControl.oid, value: writer.bytes)]
        return end
    }

    private func since(_ cookie: [UInt8]) -> Int64? {
        if cookie.isEmpty { return 0 }
        guard cookie.count == 28, cookie.starts(with: "MSDS".utf8) else { return nil }
        guard Array(cookie[12...]) == database else { return 0 }
        let number = Int64(bitPattern: cookie[4..<12].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
        return number < oldestNumber ? nil : number
    }

    // MARK: Entries

    /// All entries, by their numbers.
    private func current() -> [Int: Row] {
        if let rows { return rows }
        let made = Dictionary(
            directory.entries.keys.map { ($0, Row($0, directory.dn($0), attributes($0))) }
        ) { first, _ in first }
        rows = made
        return made
    }

    private func tombstone(_ number: Int) -> Row? {
        guard let tombstone = tombstones.last(where: { $0.entry == number }) else { return nil }
        var row = Row(
            number, "cn=\(number),cn=Deleted Objects,\(ModelDirectory.suffix)",
            [
                ("objectclass", [Array("user".utf8)]), ("isdeleted", [Array("TRUE".utf8)]),
                ("usnchanged", [Array("\(tombstone.number)".utf8)]), id(number),
            ])
        row.isDeleted = true
        return row
    }

    private func id(_ number: Int) -> (String, [[UInt8]]) {
        let attribute = settings.attributes.id
        let id = ImmutableID(bytes: ModelDirectory.id(number))
        return (attribute.lowercased(), id.map { IDSyntax(attribute: attribute).spellings($0) } ?? [])
    }

    private func attributes(_ number: Int) -> [(String, [[UInt8]])] {
        guard let entry = directory.entries[number] else { return [] }
        func texts(_ texts: [String]) -> [[UInt8]] { texts.map { Array($0.utf8) } }
        var all: [(String, [[UInt8]])] = [
            id(number),
            ("usnchanged", texts(["\(numbers[entry.stamp] ?? 0)"])),
            ("modifytimestamp", texts([times[entry.stamp].flatMap { GeneralizedTime.text($0) } ?? ""])),
        ]
        if entry.isContainer { return all + [("objectclass", texts(["organizationalUnit"]))] }
        if entry.isGroup {
            let dns = entry.members.compactMap { member -> String? in
                switch member {
                case .dn(let dn): dn
                case .link(let number): directory.entries[number] == nil ? nil : directory.dn(number)
                case .login: nil
                }
            }
            let logins = entry.members.compactMap { if case .login(let login) = $0 { login } else { nil } }
            all += [
                ("objectclass", texts([kind.isDomain ? "group" : "groupOfNames"])), ("cn", texts([entry.rdn])),
                ("member", texts(dns)), ("memberuid", texts(kind.isDomain ? [] : logins)),
            ]
        } else if entry.login != "" {
            all += [
                ("objectclass", texts([kind.isDomain ? "user" : "inetOrgPerson"])),
                ("objectcategory", texts(["person"])),
                ("employeetype", texts(entry.isPerson ? ["staff"] : [])), ("employeenumber", texts([entry.login])),
                ("mail", texts(["\(entry.login)@example.org"])),
                ("title", texts(entry.title.isEmpty ? [] : [entry.title])),
                ("useraccountcontrol", texts(["512"])), ("primarygroupid", texts(["513"])),
            ]
        } else {
            all.append(("objectclass", texts(["domain"])))
        }
        return all
    }

    private func send(
        _ row: Row, _ names: [String], _ each: (borrowing EntryView) throws(BERFault) -> Void
    ) throws(PullFailure) {
        var writer = BERWriter()
        for name in names {
            let values = row.values(name)
            guard !values.isEmpty else { continue }
            writer.sequence { attribute in
                attribute.octets(name.utf8)
                attribute.sequence(tag: 0x31) { set in for value in values { set.octets(value) } }
            }
        }
        let sent: Result<Void, BERFault> = Array(row.dn.utf8).withUnsafeBytes { dn in
            writer.bytes.withUnsafeBytes { attributes in
                Result { () throws(BERFault) in try each(EntryView(dn: dn, attributes: attributes)) }
            }
        }
        if case .failure(let fault) = sent { throw settings.failure(.incomplete, "\(fault)", "") }
    }

    // MARK: Filters

    private static func isIn(_ dn: String, _ search: SearchRequest) -> Bool {
        dn == search.base || search.scope != .base && dn.hasSuffix("," + search.base)
    }

    private static func matches(_ filter: LDAPFilter, _ row: Row) -> Bool {
        switch filter {
        case .and(let parts): parts.allSatisfy { matches($0, row) }
        case .or(let parts): parts.contains { matches($0, row) }
        case .not(let part): !matches(part, row)
        case .present(let type): !row.values(type).isEmpty
        case .equal("member", let name):
            row.values("member").contains { ModelDirectory.name($0) == ModelDirectory.name(name) }
        case .equal(let type, let value): row.values(type).contains(value)
        case .atLeast(let type, let bound): row.values(type).contains { isAtLeast($0, bound) }
        case .approximate, .atMost, .substrings, .extensible: false
        }
    }

    private static func isAtLeast(_ value: [UInt8], _ bound: [UInt8]) -> Bool {
        guard let number = WireNumber.signed(value), let limit = WireNumber.signed(bound) else {
            return !value.lexicographicallyPrecedes(bound)
        }
        return number >= limit
    }
}

extension ModelDirectory {
    fileprivate static func name(_ dn: [UInt8]) -> DNHash { name(String(decoding: dn, as: UTF8.self)) }
}

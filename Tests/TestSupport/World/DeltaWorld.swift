package import DirectoryModel

/// A small directory that changes at random, told to builders as a source tells them what it reads.
package struct DeltaWorld: Sendable {
    /// A member as the group holds it.
    package enum Member: Sendable, Equatable {
        case dn(String)
        case login(String)
        /// A link to an entry, shown by the entry's DN (Active Directory).
        case link(Int)
        case unparsable
    }

    package struct Entry: Sendable, Equatable {
        package var dn: String
        package var isPerson: Bool
        package var isGroup: Bool
        package var logins: [String]
        package var title: String
        package var members: [Member] = []
        /// Groups that the person's own entry names, by their ids (primary groups).
        package var own: Set<Int> = []
        package var isDisabled = false
        /// When the account ends, seconds since 1970.
        package var ends: Int64?

        package init(dn: String, isPerson: Bool, isGroup: Bool, logins: [String], title: String) {
            self.dn = dn
            self.isPerson = isPerson
            self.isGroup = isGroup
            self.logins = logins
            self.title = title
        }
    }

    package let links: LinkRule
    package var entries: [Int: Entry] = [:]
    package var numbers: SeededNumbers
    private var nextID = 1
    /// Entries that were at some time neither person nor group.
    private var onceUnseen: Set<Int> = []
    /// Entries that stay where and what they are; members of groups come and go.
    package var kept: Set<Int> = []
    /// Accounts end at random around this time, where there is one.
    package var now: Int64?
    package static let key = DNHashKey(first: 11, second: 22)

    package init(seed: UInt64, links: LinkRule, now: Int64? = nil) {
        self.now = now
        self.links = links
        numbers = SeededNumbers(seed: seed)
        for _ in 0..<Int.random(in: 2...8, using: &numbers) { add() }
        for _ in 0..<6 { editMembers() }
    }

    // MARK: Changes

    /// Does something; returns what, for a failure.
    package mutating func change() -> String {
        if now != nil, numbers.once(in: 6) { return changeState() }
        switch Int.random(in: 0..<14, using: &numbers) {
        case 0, 1: return add()
        case 2, 3: return remove()
        case 4, 5: return rename()
        case 6: return edit("title") { $0.title += "x" }
        case 7: return changeLogin()
        case 8: return turn()
        case 9, 10: return changeOwn()
        default: return editMembers()
        }
    }

    /// Few names, so that they meet again.
    private mutating func freeName() -> String? {
        let names = (0..<12).map { "uid=e\($0),ou=x,dc=y" }.filter { name in !entries.values.contains { $0.dn == name }
        }
        return names.randomElement(using: &numbers)
    }

    private mutating func login() -> String { "l\(Int.random(in: 0..<6, using: &numbers))" }

    @discardableResult
    private mutating func add() -> String {
        guard let dn = freeName() else { return "-" }
        let kind = Int.random(in: 0..<10, using: &numbers)
        var entry = Entry(dn: dn, isPerson: kind < 6, isGroup: kind >= 5, logins: [], title: "")
        if entry.isPerson { entry.logins = numbers.once(in: 8) ? ["a", "b"] : [login()] }
        let id = nextID
        nextID += 1
        entries[id] = entry
        return "add \(id) \(dn) person \(entry.isPerson) group \(entry.isGroup) \(entry.logins)"
    }

    private mutating func pick() -> Int? {
        entries.keys.filter { !kept.contains($0) }.sorted().randomElement(using: &numbers)
    }

    /// Where links follow, what happens to entries that are not read does not show.
    private mutating func pickSeen() -> Int? {
        let seen = entries.filter { links == .staysWithName || $0.value.isPerson || $0.value.isGroup }
        return seen.keys.filter { !kept.contains($0) }.sorted().randomElement(using: &numbers)
    }

    /// Where links follow, the end of an entry that was not read before takes a value from groups without a word of the server.
    private mutating func remove() -> String {
        guard let id = pickSeen(), links == .staysWithName || !onceUnseen.contains(id) else { return "-" }
        entries[id] = nil
        guard links == .followsEntry else { return "remove \(id)" }
        for group in entries.keys { entries[group]?.members.removeAll { $0 == .link(id) } }
        return "remove \(id)"
    }

    private mutating func rename() -> String {
        guard let id = pickSeen(), let dn = freeName() else { return "-" }
        entries[id]?.dn = dn
        return "rename \(id) to \(dn)"
    }

    private mutating func edit(_ what: String, _ body: (inout Entry) -> Void) -> String {
        guard let id = pick(), var entry = entries[id] else { return "-" }
        body(&entry)
        entries[id] = entry
        return "\(what) of \(id)"
    }

    private mutating func changeLogin() -> String {
        let login = login()
        return edit("login \(login)") { if $0.isPerson { $0.logins = [login] } }
    }

    /// Somebody says that they are in a group, or no longer do.
    private mutating func changeOwn() -> String {
        let groups = entries.filter { $0.value.isGroup }.keys.sorted()
        guard let group = groups.randomElement(using: &numbers) else { return "-" }
        return edit("own group \(group)") { if $0.isPerson { $0.own.formSymmetricDifference([group]) } }
    }

    private mutating func changeState() -> String {
        let ends = (now ?? 0) + Int64.random(in: -2...8, using: &numbers) * 36_000
        let kind = Int.random(in: 0..<3, using: &numbers)
        return edit("state \(kind) \(ends)") {
            if kind == 0 { $0.isDisabled.toggle() }
            if kind == 1 { $0.ends = ends }
            if kind == 2 { $0.ends = nil }
        }
    }

    /// A person becomes a group as well, or no longer one, or leaves the filter.
    private mutating func turn() -> String {
        let kind = Int.random(in: 0..<3, using: &numbers)
        let done = edit("turn \(kind)") {
            if kind == 0 { $0.isGroup.toggle() }
            if kind == 1 { $0.isPerson.toggle() }
            if kind == 2 { ($0.isPerson, $0.isGroup) = ($0.isGroup, $0.isPerson) }
            if $0.isPerson, $0.logins.isEmpty { $0.logins = ["l0"] }
        }
        onceUnseen.formUnion(entries.filter { !$0.value.isPerson && !$0.value.isGroup }.keys)
        return done
    }

    private mutating func member() -> Member? {
        switch (Int.random(in: 0..<10, using: &numbers), links) {
        case (0...6, .staysWithName): .dn("UID=E\(Int.random(in: 0..<12, using: &numbers)), ou=x,dc=y")
        case (0...7, .followsEntry): pick().map { .link($0) }
        case (7, _): .unparsable
        default: .login(login())
        }
    }

    @discardableResult
    private mutating func editMembers() -> String {
        let groups = entries.filter { $0.value.isGroup }.keys.sorted()
        guard let id = groups.randomElement(using: &numbers), let member = member() else { return "-" }
        let count = entries[id]?.members.count ?? 0
        if count > 0, numbers.once(in: 3) {
            let place = Int.random(in: 0..<count, using: &numbers)
            return "drop \(String(describing: entries[id]?.members.remove(at: place))) from \(id)"
        }
        // The same DN may stand in two attributes; a link is there or not.
        if case .link = member, entries[id]?.members.contains(member) == true { return "-" }
        entries[id]?.members.append(member)
        return "put \(member) into \(id)"
    }

    // MARK: Reading

    package static func id(_ number: Int) -> ImmutableID? {
        ImmutableID(bytes: [UInt8(number / 200 + 1), UInt8(number % 200 + 1)])
    }

    /// What a full pull of the state makes.
    package func pulled(_ request: PullRequest = DeltaWorld.request) throws -> IndexedMirror {
        var builder = newBuilder(request)
        for id in entries.keys.sorted() { read(id, into: &builder, now: request.now) }
        return try builder.finishIndexed()
    }

    /// What became of the entries since another state.
    package func delta(
        since old: DeltaWorld, editing: Bool, _ request: PullRequest = DeltaWorld.request
    ) throws -> MirrorDelta {
        var builder = newBuilder(request)
        for id in entries.keys.sorted() {
            guard let entry = entries[id] else { continue }
            let was = old.entries[id]
            if let was, was == entry, !namesNewcomer(entry, since: old), !saysNewGroup(entry, since: old) { continue }
            read(id, into: &builder, now: request.now)
        }
        var delta = MirrorDelta(try builder.entries(), links: links)
        for place in delta.people.indices {
            guard let number = DeltaWorld.number(delta.people[place].row.id), let entry = entries[number] else {
                continue
            }
            delta.people[place].ownGroups = ownGroups(entry).compactMap(DeltaWorld.id)
        }
        for (id, was) in old.entries {
            guard let id = DeltaWorld.id(id), let number = DeltaWorld.number(id) else { continue }
            let now = entries[number]
            let elsewhere = now.flatMap { hash($0.dn, delta.key) }
            if was.isPerson, now?.isPerson != true {
                delta.removedPeople.append(RemovedEntry(id: id, movedTo: elsewhere))
            }
            if was.isGroup, now?.isGroup != true {
                delta.removedGroups.append(RemovedEntry(id: id, movedTo: elsewhere))
            }
        }
        if editing { turnIntoEdits(&delta, since: old, delta.key) }
        return delta
    }

    /// The groups among those that are read which a person's entry names.
    private func ownGroups(_ entry: Entry) -> [Int] { entry.own.filter { entries[$0]?.isGroup == true }.sorted() }

    /// Whether somebody is in a group that was not read before: such people belong to a delta.
    private func saysNewGroup(_ entry: Entry, since old: DeltaWorld) -> Bool {
        entry.isPerson && ownGroups(entry).contains { old.entries[$0]?.isGroup != true }
    }

    /// Whether a group has a link to somebody who was not read before: where links follow, such groups belong to a delta.
    private func namesNewcomer(_ entry: Entry, since old: DeltaWorld) -> Bool {
        entry.isGroup
            && entry.members.contains { member in
                guard case .link(let id) = member, let now = entries[id] else { return false }
                let was = old.entries[id]
                return now.isPerson && was?.isPerson != true || now.isGroup && was?.isGroup != true
            }
    }

    /// Tells members as those who came and went, for the groups that were there before.
    private func turnIntoEdits(_ delta: inout MirrorDelta, since old: DeltaWorld, _ key: DNHashKey) {
        for place in delta.groups.indices {
            guard let number = DeltaWorld.number(delta.groups[place].row.id), let was = old.entries[number],
                was.isGroup, let now = entries[number], !namesNewcomer(now, since: old),
                case .whole = delta.groups[place].members,
                was.members.allSatisfy({ isLink($0) }), now.members.allSatisfy({ isLink($0) })
            else { continue }
            let gone = was.members.filter { !now.members.contains($0) }
            let new = now.members.filter { !was.members.contains($0) }
            delta.groups[place].members = .edited(added: names(new, key), removed: names(gone, key))
        }
    }

    private func isLink(_ member: Member) -> Bool {
        if case .link = member { return true }
        return false
    }

    private func names(_ members: [Member], _ key: DNHashKey) -> [MemberName] {
        members.compactMap { member in
            guard case .link(let id) = member, let dn = entries[id]?.dn, let hash = hash(dn, key) else { return nil }
            return MemberName(.dn, hash)
        }
    }

    private func hash(_ dn: String, _ key: DNHashKey) -> DNHash? {
        (try? DistinguishedName(dn)).map { name in name.canonical.withUnsafeBytes { key.hash($0) } }
    }

    package static func number(_ id: ImmutableID) -> Int? {
        let bytes = id.bytes
        return bytes.count == 2 ? (Int(bytes[0]) - 1) * 200 + Int(bytes[1]) - 1 : nil
    }

    /// What a pull of the world is asked for, where nothing else is.
    package static let request = PullRequest(attributes: ["title"], key: DeltaWorld.key)

    private func newBuilder(_ request: PullRequest) -> MirrorBuilder {
        MirrorBuilder(directory: "corp", attributes: request.attributes, key: request.key ?? DeltaWorld.key)
    }

    private func read(_ number: Int, into builder: inout MirrorBuilder, now: Int64?) {
        guard let entry = entries[number], let id = DeltaWorld.id(number) else { return }
        if entry.isPerson { readPerson(entry, id, number, into: &builder, now: now) }
        guard entry.isGroup else { return }
        let memory = PinnedBytes([Array(entry.dn.utf8), id.bytes])
        defer { memory.free() }
        guard builder.startGroup(dn: memory[0], id: id, name: memory[0]) else { return }
        for member in entry.members {
            switch member {
            case .dn(let dn): Array(dn.utf8).withUnsafeBytes { builder.addMember(dn: $0) }
            case .link(let id): Array((entries[id]?.dn ?? "").utf8).withUnsafeBytes { builder.addMember(dn: $0) }
            case .login(let login): Array(login.utf8).withUnsafeBytes { builder.addMember(login: $0) }
            case .unparsable: Array("nobody".utf8).withUnsafeBytes { builder.addMember(dn: $0) }
            }
        }
    }
}

extension DeltaWorld {
    private func readPerson(
        _ entry: Entry, _ id: ImmutableID, _ number: Int, into builder: inout MirrorBuilder, now: Int64?
    ) {
        let email = Array("e\(number)@example.org".utf8)
        let texts =
            [Array(entry.dn.utf8), id.bytes, email] + entry.logins.map { Array($0.utf8) } + [Array(entry.title.utf8)]
        let memory = PinnedBytes(texts)
        defer { memory.free() }
        var draft = PersonDraft()
        draft.start(dn: memory[0])
        draft.setID(memory[1])
        draft.addIdentifying(PersonField.email.tag, memory[2])
        for login in 0..<entry.logins.count { draft.addIdentifying(PersonField.login.tag, memory[3 + login]) }
        if !entry.title.isEmpty { draft.add(PersonField.attribute(0).tag, memory[texts.count - 1]) }
        if let ends = entry.ends { draft.expires = ends }
        if let ends = entry.ends, let now, ends <= now { draft.state = .expired }
        if entry.isDisabled { draft.state = .disabledByFlag }
        guard builder.add(&draft) else { return }
        for group in ownGroups(entry) {
            Array((entries[group]?.dn ?? "").utf8).withUnsafeBytes { builder.addLastPerson(toGroup: $0) }
        }
    }
}

/// Bytes that stay where they are until they are freed.
private struct PinnedBytes {
    private let pieces: [UnsafeMutableRawBufferPointer]

    init(_ texts: [[UInt8]]) {
        pieces = texts.map { text in
            let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: max(1, text.count), alignment: 1)
            piece.copyBytes(from: text)
            return UnsafeMutableRawBufferPointer(rebasing: piece[..<text.count])
        }
    }

    subscript(place: Int) -> UnsafeRawBufferPointer { UnsafeRawBufferPointer(pieces[place]) }

    func free() { for piece in pieces { piece.deallocate() } }
}

import AccessModel
import DirectoryModel

/// Who is protected: people whom the configuration names, pinned by id when first seen.
struct Protection {
    private(set) var keys: Set<PersonKey> = []
    private var users: Set<UInt32> = []
    /// References by email that matched no user; a newcomer may have it.
    private var emails: [String] = []
    private(set) var unmatched: [ProtectedReference] = []

    init() {}

    func contains(user: UInt32) -> Bool { users.contains(user) }

    /// Whether somebody who is no user yet is protected; an email that matches is no longer unmatched.
    mutating func contains(joiner: PersonKey, email: UnsafeBufferPointer<UInt8>) -> Bool {
        if keys.isEmpty && emails.isEmpty { return false }
        if keys.contains(joiner) { return true }
        for reference in emails {
            let isSame = Array(reference.utf8).withUnsafeBufferPointer { EmailFold.same($0, email) }
            if isSame {
                keys.insert(joiner)
                unmatched.removeAll { $0 == .email(reference) }
                return true
            }
        }
        return false
    }

    /// Pins stay until `protect` itself is edited; then they are found anew, unless an entry matches nobody: it may be the
    /// one behind a pin, for somebody whose email or group is another by now.
    static func resolve(settings: TargetSettings, input: ReconcileInput, edited: Bool) -> Protection {
        var protection = Protection()
        if settings.protect.isEmpty { return protection }
        for reference in settings.protect {
            let found: [PersonKey]
            switch reference {
            case .email(let email):
                found = people(email, input.roster)
                if found.isEmpty { protection.emails.append(email) }
            case .id(let text): found = people(id: text, input)
            case .group(let name): found = members(of: name, input.mirror)
            }
            if found.isEmpty { protection.unmatched.append(reference) }
            protection.keys.formUnion(found)
        }
        if !edited || !protection.unmatched.isEmpty { protection.keys.formUnion(input.roster.protected) }
        if !protection.keys.isEmpty { protection.users = users(protection.keys, input.roster) }
        return protection
    }

    private static func people(_ email: String, _ roster: TargetRoster) -> [PersonKey] {
        let wanted = Array(email.utf8)
        let isPlain = wanted.allSatisfy { $0 < 0x80 }
        return wanted.withUnsafeBufferPointer { wanted in
            roster.texts.bytes.withUnsafeBufferPointer { texts in
                roster.users.indices.filter { place in
                    let row = roster.users[place]
                    if row.status == .removed || !row.managed { return false }
                    if isPlain, Int(row.email.length) < wanted.count { return false }
                    return EmailFold.same(wanted, Planning.slice(texts, row.email))
                }
            }
        }.map { roster.key(of: $0) }
    }

    private static func people(id text: String, _ input: ReconcileInput) -> [PersonKey] {
        guard let id = ImmutableID(written: text) else { return [] }
        var found: Set<PersonKey> = []
        for place in input.mirror.people.indices where input.mirror.people[place].id == id {
            found.insert(input.mirror.key(of: place))
        }
        for place in input.roster.users.indices where input.roster.users[place].id == id {
            if input.roster.users[place].managed { found.insert(input.roster.key(of: place)) }
        }
        return Array(found)
    }

    /// Nested members of a group named by `cn`, `directory:cn` or DN.
    private static func members(of name: String, _ mirror: Mirror) -> [PersonKey] {
        var pending = mirror.groups.indices.filter { matches(mirror, $0, name) }
        var seen = Set(pending)
        var people: Set<PersonIndex> = []
        while let group = pending.popLast() {
            guard group + 1 < mirror.memberPeopleStart.count, group + 1 < mirror.memberGroupsStart.count else {
                continue
            }
            people.formUnion(mirror.directPeople(of: GroupIndex(group)))
            for inner in mirror.directGroups(of: GroupIndex(group)) where seen.insert(Int(inner)).inserted {
                pending.append(Int(inner))
            }
        }
        return people.map { mirror.key(of: Int($0)) }
    }

    private static func matches(_ mirror: Mirror, _ group: Int, _ name: String) -> Bool {
        let row = mirror.groups[group]
        if same(row.name, Array(name.utf8)) || same(row.dn, Array(name.utf8)) { return true }
        guard Int(row.directory) < mirror.directories.count else { return false }
        let prefix = Array("\(mirror.directories[Int(row.directory)]):".utf8)
        return same(prefix + row.name, Array(name.utf8))
    }

    private static func same(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        left.withUnsafeBufferPointer { left in right.withUnsafeBufferPointer { EmailFold.same(left, $0) } }
    }

    private static func users(_ keys: Set<PersonKey>, _ roster: TargetRoster) -> Set<UInt32> {
        let ids = Set(keys.map(\.id))
        var found: Set<UInt32> = []
        for place in roster.users.indices where ids.contains(roster.users[place].id) {
            if keys.contains(roster.key(of: place)) { found.insert(UInt32(truncatingIfNeeded: place)) }
        }
        return found
    }
}

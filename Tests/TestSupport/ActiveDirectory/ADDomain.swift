import DirectoryModel

/// The data of the stub: a domain's objects, and how they change.
///
/// A value: the stub keeps it behind a lock, tests change it between the messages of a search.
package struct ADDomain: Sendable {
    package static let suffix = "DC=corp,DC=example,DC=org"
    package static let configuration = "CN=Configuration,DC=corp,DC=example,DC=org"
    static let service = "CN=NTDS Settings,CN=DC1,CN=Servers,CN=Default-First-Site-Name,CN=Sites,\(configuration)"
    static let deletedObjects = "CN=Deleted Objects,\(suffix)"

    /// The number of the last change.
    package private(set) var sequence = 10_000
    /// The database's own id; another after the server was restored.
    package var invocation: [UInt8] = Array(1...16)
    package private(set) var entries: [ADEntry] = []
    private var places: [DistinguishedName?: Int] = [:]
    private var placesByID: [[UInt8]: Int] = [:]
    private var nextRelativeID: UInt32 = 1_100

    package init() {
        add(ADDomain.suffix, ["objectClass": ["top", "domain", "domainDNS"], "dc": ["corp"]])
        set(ADDomain.suffix, "objectSid", bytes: [ADEntry.securityID(nil)])
        add("CN=Users,\(ADDomain.suffix)", ["objectClass": ["top", "container"], "cn": ["Users"]])
        add(ADDomain.deletedObjects, ["objectClass": ["top", "container"], "isDeleted": ["TRUE"]])
        add(ADDomain.service, ["objectClass": ["top", "nTDSDSA"], "cn": ["NTDS Settings"]])
    }

    // MARK: Changes

    /// A new object; it gets an id that ends in the number, or one of its own.
    package mutating func add(_ dn: String, _ attributes: [String: [String]], number: Int? = nil) {
        sequence += 1
        let guid = number.map(ADDomain.guid) ?? ADDomain.guid(0x7000_0000 + sequence)
        var entry = ADEntry(dn: dn, guid: guid, sequence: sequence)
        for (name, values) in attributes { entry.set(name, values.map { Array($0.utf8) }, sequence: sequence) }
        entry.set("objectGUID", [guid], sequence: sequence)
        places[ADName.key(dn)] = entries.count
        placesByID[guid] = entries.count
        entries.append(entry)
    }

    /// An enabled user in CN=Users or below another entry.
    package mutating func addUser(
        _ login: String, number: Int, below parent: String = "CN=Users,\(suffix)", more: [String: [String]] = [:]
    ) {
        let standard: [String: [String]] = [
            "objectClass": ["top", "person", "organizationalPerson", "user"],
            "objectCategory": ["CN=Person,CN=Schema,\(ADDomain.configuration)"], "cn": [login],
            "sAMAccountName": [login], "userPrincipalName": ["\(login)@corp.example.org"],
            "mail": ["\(login)@example.org"], "displayName": ["\(login) Example"], "userAccountControl": ["512"],
            "primaryGroupID": ["513"], "accountExpires": ["9223372036854775807"],
        ]
        let dn = "CN=\(login),\(parent)"
        add(dn, standard.merging(more) { $1 }, number: number)
        giveSecurityID(dn)
    }

    package mutating func addGroup(
        _ name: String, number: Int, members: [String] = [], below parent: String = "CN=Users,\(suffix)",
        relativeID: UInt32? = nil
    ) {
        let dn = "CN=\(name),\(parent)"
        add(
            dn,
            [
                "objectClass": ["top", "group"], "objectCategory": ["CN=Group,CN=Schema,\(ADDomain.configuration)"],
                "cn": [name], "sAMAccountName": [name], "groupType": ["-2147483646"],
            ], number: number)
        if !members.isEmpty { set(dn, "member", members) }
        giveSecurityID(dn, relativeID)
    }

    package mutating func set(_ dn: String, _ name: String, _ values: [String]) {
        set(dn, name, bytes: values.map { Array($0.utf8) })
    }

    package mutating func set(_ dn: String, _ name: String, bytes values: [[UInt8]]) {
        guard let place = places[ADName.key(dn)] else { return }
        sequence += 1
        entries[place].set(name, values, sequence: sequence)
    }

    /// Another name, and another parent; objects below go with it, and their own numbers do not change.
    package mutating func rename(_ dn: String, to new: String) {
        guard let place = places[ADName.key(dn)] else { return }
        sequence += 1
        for other in entries.indices where ADName.isUnder(entries[other].dn, dn) {
            let old = entries[other].dn
            places[ADName.key(old)] = nil
            entries[other].dn = other == place ? new : String(old.dropLast(dn.count)) + new
            places[ADName.key(entries[other].dn)] = other
        }
        entries[place].set("name", [Array(ADName.firstPart(new).dropFirst(3).utf8)], sequence: sequence)
        // Links follow the object, without a change of who holds them.
        let (before, after) = (ADName.key(dn), Array(new.utf8))
        for other in entries.indices {
            guard var members = entries[other].attributes["member"] else { continue }
            members.values = members.values.map { ADName.key($0) == before ? after : $0 }
            entries[other].attributes["member"] = members
        }
    }

    /// Leaves a tombstone where only those with the right look.
    package mutating func delete(_ dn: String) {
        guard let place = places.removeValue(forKey: ADName.key(dn)) else { return }
        sequence += 1
        let guid = ADEntry.guidText(entries[place].guid)
        let key = ADName.key(dn)
        for other in entries.indices {
            guard var members = entries[other].attributes["member"] else { continue }
            members.values.removeAll { ADName.key($0) == key }
            entries[other].attributes["member"] = members
        }
        entries[place].set("lastKnownParent", [Array(ADName.parent(dn).utf8)], sequence: sequence)
        entries[place].set("isDeleted", [Array("TRUE".utf8)], sequence: sequence)
        for name in ["objectcategory", "mail", "displayname", "member"] { entries[place].attributes[name] = nil }
        entries[place].dn = "\(ADName.firstPart(dn))\\0ADEL:\(guid),\(ADDomain.deletedObjects)"
        entries[place].isDeleted = true
        places[ADName.key(entries[place].dn)] = place
    }

    /// As after the server was put back from a copy: another database, and numbers that go on from an earlier one.
    package mutating func restore(to earlier: Int) {
        invocation = invocation.reversed()
        sequence = earlier
    }

    // MARK: Reading

    package func entry(_ dn: String) -> ADEntry? { places[ADName.key(dn)].map { entries[$0] } }

    func entry(guid: [UInt8]) -> ADEntry? { placesByID[guid].map { entries[$0] } }

    /// The groups somebody is in through nesting and the primary group, as security identifiers.
    func tokenGroups(of entry: ADEntry) -> [[UInt8]] {
        var open = [Array(entry.dn.utf8)]
        var found: [DistinguishedName?: [UInt8]] = [:]
        func take(_ group: ADEntry) {
            guard let id = group.attributes["objectsid"]?.values.first, found[ADName.key(group.dn)] == nil else {
                return
            }
            found[ADName.key(group.dn)] = id
            open.append(Array(group.dn.utf8))
        }
        let primary = entry.texts("primaryGroupID").first.flatMap { UInt32($0) }.map { ADEntry.securityID($0) }
        for group in entries where primary != nil && group.attributes["objectsid"]?.values.first == primary {
            take(group)
        }
        while let member = open.popLast() {
            for group in entries where holds(group, member) { take(group) }
        }
        return Array(found.values)
    }

    private func holds(_ group: ADEntry, _ member: [UInt8]) -> Bool {
        group.attributes["member"]?.values.contains { ADName.isSame($0, member) } ?? false
    }

    private mutating func giveSecurityID(_ dn: String, _ relative: UInt32? = nil) {
        nextRelativeID += 1
        guard let place = places[ADName.key(dn)] else { return }
        let id = ADEntry.securityID(relative ?? nextRelativeID)
        entries[place].set("objectSid", [id], sequence: entries[place].sequence)
    }

    /// The bytes of the id whose text ends in the number.
    package static func guid(_ number: Int) -> [UInt8] {
        let tail = withUnsafeBytes(of: UInt64(number).bigEndian) { Array($0) }
        return [0, 0, 0, 0, 0, 0, 0, 0x40, 0x80, 0] + tail.suffix(6)
    }
}

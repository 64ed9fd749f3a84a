import DirectoryModel

/// A model directory as records for a real server, which then goes through the same changes.
extension ModelDirectory {
    /// Containers and people, for the beginning.
    func peopleLDIF() -> String { additions { $0.isContainer } + additions { !$0.isContainer && !$0.isGroup } }

    /// The groups, which come behind.
    func groupLDIF() -> String { additions(where: \.isGroup) }

    private func additions(where isWanted: (Entry) -> Bool) -> String {
        entries.filter { $0.key != 0 && isWanted($0.value) }.keys.sorted().map(addition).joined()
    }

    /// What brings a server from an earlier state to this one, a single change later.
    func ldif(since old: ModelDirectory) -> String {
        var text = ""
        for number in old.entries.keys.sorted() where entries[number] == nil {
            text += "dn: \(old.dn(number))\nchangetype: delete\n\n"
        }
        for number in entries.keys.sorted() {
            guard let now = entries[number], let was = old.entries[number] else { continue }
            if now.rdn != was.rdn || now.parent != was.parent { text += renaming(number, since: old) }
            if lines(of: now) != lines(of: was) { text += modification(number, now, was) }
        }
        for number in entries.keys.sorted() where old.entries[number] == nil { text += addition(number) }
        return text
    }

    /// Members of the groups there are, for servers that take only links to what is there.
    func links(of group: Int) -> String {
        guard links == .followsEntry, let entry = entries[group], !entry.members.isEmpty else { return "" }
        let lines = lines(of: entry)
        return lines.isEmpty
            ? "" : "dn: \(dn(group))\nchangetype: modify\nadd: member\n" + lines.joined(separator: "\n") + "\n\n"
    }

    private func addition(_ number: Int) -> String {
        guard let entry = entries[number] else { return "" }
        // In Active Directory accounts and groups share a space of names of their own.
        var account: [String] = []
        if links == .followsEntry, !entry.isContainer {
            account = ["objectClass: \(entry.login == "" ? "group" : "user")", "sAMAccountName: n\(number)"]
            if entry.login != "" { account.append("userAccountControl: 544") }
        }
        return "dn: \(dn(number))\nchangetype: add\n" + naming(entry)
            + (account + lines(of: entry).filter { links == .staysWithName || !$0.hasPrefix("member:") }).joined(
                separator: "\n") + "\n\n"
    }

    private func renaming(_ number: Int, since old: ModelDirectory) -> String {
        guard let entry = entries[number], let parent = entry.parent else { return "" }
        return """
            dn: \(old.dn(number))
            changetype: modrdn
            newrdn: \(entry.rdn)
            deleteoldrdn: 1
            newsuperior: \(dn(parent))


            """
    }

    private func modification(_ number: Int, _ now: Entry, _ was: Entry) -> String {
        let (before, after) = (lines(of: was), lines(of: now))
        var text = "dn: \(dn(number))\nchangetype: modify\n"
        guard before != after else { return "" }
        for (verb, lines) in [
            ("delete", before.filter { !after.contains($0) }), ("add", after.filter { !before.contains($0) }),
        ] {
            for line in lines { text += "\(verb): \(line.prefix { $0 != ":" })\n\(line)\n-\n" }
        }
        return text + "\n"
    }

    /// The attribute of the RDN.
    private func naming(_ entry: Entry) -> String {
        entry.rdn.replacing("=", with: ": ") + "\n"
    }

    private func lines(of entry: Entry) -> [String] {
        if entry.isContainer { return ["objectClass: organizationalUnit"] }
        guard entry.login == "" else {
            return (links == .followsEntry ? [] : ["objectClass: inetOrgPerson", "cn: Example"]) + [
                "sn: Example", "employeeNumber: \(entry.login)", "mail: \(entry.login)@example.org",
            ] + (entry.isPerson ? ["employeeType: staff"] : []) + (entry.title.isEmpty ? [] : ["title: \(entry.title)"])
        }
        if links == .followsEntry {
            return entry.members.compactMap { member in
                guard case .link(let number) = member, entries[number] != nil else { return nil }
                return "member: \(dn(number))"
            }
        }
        // The class of real groups must not be empty.
        return ["objectClass: groupOfNames", "objectClass: extensibleObject", "member: cn=nobody"]
            + entry.members.compactMap { member in
                switch member {
                case .dn(let dn): "member: \(dn)"
                case .link: nil
                case .login(let login): "memberUid: \(login)"
                }
            }
    }
}

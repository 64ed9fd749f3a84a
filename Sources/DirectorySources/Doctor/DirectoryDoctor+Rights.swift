internal import DirectoryModel
internal import LDAPClient

/// Whether the account may do more than it should: asked without ever asking for a password's value, and without writing.
///
/// Active Directory and 389 Directory Server can be asked what an account may write. OpenLDAP cannot: a request that writes nothing but
/// meets the same checks is still a request to write, and whatever stands between could drop the control that holds it back.
extension DirectoryDoctor {
    /// Where passwords, or what opens as much, are kept.
    private static let passwordAttributes = [
        "userPassword", "unicodePwd", "authPassword", "sambaNTPassword", "sambaLMPassword", "ipaNTHash",
        "krbPrincipalKey", "ms-Mcs-AdmPwd", "msLAPS-Password",
    ]
    /// What nobody but an administrator should write on somebody.
    private static let sensitive = ["userPassword", "mail", "uid", "nsAccountLock", "title", "memberOf"]
    private static let people: Int32 = 100

    /// The DN to bind as; by Kerberos or a certificate the one that the server takes us for; empty where neither tells.
    private var accountName: String {
        guard request.accountName.isEmpty else { return request.accountName }
        return identity.hasPrefix("dn:") ? String(identity.dropFirst(3).drop { $0 == " " }) : ""
    }

    func findRights() throws(StepStop) -> RightsFacts {
        guard let source else { throw stop(.incomplete, "no bases are known", "name `--people`") }
        var facts = RightsFacts(kind: source.dialect.kind, account: accountName)
        // What an account may do to itself is another matter.
        let own = try? DistinguishedName(accountName)
        var counts: [String: Int] = [:]
        var names: [String] = []
        for base in source.people.bases {
            var request = SearchRequest(
                base: base, filter: source.peopleFilter, attributes: DirectoryDoctor.passwordAttributes)
            request.typesOnly = true
            request.sizeLimit = DirectoryDoctor.people
            _ = try search(request) { (entry) throws(BERFault) in
                if let own, (try? DistinguishedName(Array(entry.dn))) == own { return }
                facts.looked += 1
                if names.count < 3, let dn = String(validating: entry.dn, as: UTF8.self) { names.append(dn) }
                for name in try entry.names(among: DirectoryDoctor.passwordAttributes) { counts[name, default: 0] += 1 }
            }
        }
        facts.passwords = DirectoryDoctor.sorted(counts)
        facts.about = names.map(EntryText.shown)
        switch source.dialect.kind {
        case .activeDirectory: facts.writing = try askActiveDirectory(names)
        case .ds389, .freeipa: facts.writing = try askDS389(names)
        case .openldap, .ldif: facts.readsSettings = try readsSettings()
        }
        return facts
    }

    /// `allowedAttributesEffective` is worked out for whoever asks (MS-ADTS §3.1.1.4.5.19); `allowedAttributes` shows that the server does so.
    private func askActiveDirectory(_ names: [String]) throws(StepStop) -> RightsFacts.Writing {
        var may: Set<String> = []
        var isAnswered = false
        for name in names {
            guard let found = try entry(name, ["allowedAttributes", "allowedAttributesEffective"]) else { continue }
            if !found.values("allowedAttributes").isEmpty { isAnswered = true }
            may.formUnion(found.texts("allowedAttributesEffective").map(EntryText.shown))
        }
        guard isAnswered || !may.isEmpty else { return .unknown }
        return may.isEmpty ? .no : .may(may.sorted())
    }

    private func askDS389(_ names: [String]) throws(StepStop) -> RightsFacts.Writing {
        guard let name = names.first, !accountName.isEmpty,
            detected?.controls.contains(EffectiveRights.control) == true
        else { return .unknown }
        let about = "dn: \(accountName)"
        var request = SearchRequest(
            base: name, scope: .base, attributes: DirectoryDoctor.sensitive,
            controls: [RequestControl(EffectiveRights.control, value: Array(about.utf8))])
        request.attributes += ["entryLevelRights", "attributeLevelRights"]
        var found: EntryCopy?
        let end = try search(request, extensions: ["!\(EffectiveRights.control)=:\(about)"]) {
            (entry) throws(BERFault) in found = try EntryCopy(entry)
        }
        guard end.code == 0, let found, let entry = found.texts("entryLevelRights").first else { return .unknown }
        let rights = EffectiveRights(
            entry: entry, attributes: found.texts("attributeLevelRights").first ?? "")
        return rights.changes.isEmpty ? .no : .may(rights.changes.map(EntryText.shown))
    }

    /// Who may read the server's settings is most often who may change them.
    private func readsSettings() throws(StepStop) -> Bool {
        let end = try search(SearchRequest(base: "cn=config", scope: .base))
        return end.code == 0 && end.entries > 0
    }
}

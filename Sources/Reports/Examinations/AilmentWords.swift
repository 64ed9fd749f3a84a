import DirectoryModel

/// Pieces of sentences that several ailments share.
enum AilmentWords {
    static func way(_ count: LimitFacts.Count) -> String {
        count.pageSize.map { "in pages of \($0)" } ?? "in one answer"
    }

    static func limit(_ code: Int32) -> String {
        switch code {
        case 3: "limit of time"
        case 4: "limit of size"
        case 11: "limit set by an administrator"
        default: "result code"
        }
    }

    static func raiseLimits(_ count: LimitFacts.Count, _ holder: LimitFacts.Holder) -> String {
        guard count.isLimit else { return "look at the server's log" }
        switch holder.kind {
        case .openldap, .ldif:
            let who = holder.account.isEmpty ? "anonymous" : "dn.exact=\"\(holder.account)\""
            return "add to the database's settings on the server: `limits \(who) size=unlimited time=unlimited`"
        case .ds389, .freeipa:
            let who = holder.account.isEmpty ? "an account for Rollcall" : "`\(holder.account)`"
            return "set `nsSizeLimit: -1` and `nsLookThroughLimit: -1` on the entry of \(who)"
        case .activeDirectory: return "raise the limit in the query policy of the domain controllers"
        }
    }

    static func names(_ names: [String]) -> String {
        let most = 8
        let shown = names.prefix(most).map { "`\($0)`" }.joined(separator: ", ")
        return names.count > most ? "\(shown) and \(names.count - most) more" : shown
    }

    static func list(_ names: [String], of all: Int) -> String {
        let shown = names.map { "`\($0)`" }.joined(separator: ", ")
        return all > names.count ? "\(shown), …" : shown
    }

    static func askAccess(_ kind: DirectoryKind, _ account: String, _ about: String?) -> String {
        guard kind == .openldap, !account.isEmpty else { return "ask the server's administrator" }
        let words = [
            "slapacl", "-F", "/etc/ldap/slapd.d", "-D", account, "-b", about ?? "", "entry/write", "mail/write",
        ]
        return "ask on the server itself: `\(words.map(ShellWord.quoted).joined(separator: " "))` must say DENIED"
    }
}

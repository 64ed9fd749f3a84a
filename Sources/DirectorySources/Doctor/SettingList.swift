internal import DirectoryModel
internal import LDAPClient

/// Every default of a dialect, with what is used instead of it.
struct SettingList {
    let settings: [ServerFacts.Setting]

    /// `source` is what a configuration says; nil uses the defaults.
    init(_ dialect: Dialect, _ source: SourceSettings?) {
        let standard = dialect.attributes
        let used = source?.attributes ?? standard
        typealias Setting = ServerFacts.Setting
        func or(_ name: String?) -> String { name ?? "(none)" }
        func list(_ names: [String]) -> String { names.isEmpty ? "(none)" : names.joined(separator: ", ") }
        let disabled = used.disabled.map { "\($0.attribute)=\($0.equals)" }
        func members(_ dialect: Dialect) -> String {
            list(dialect.memberAttributes + dialect.memberWithUIDAttributes + dialect.memberLoginAttributes)
        }
        func flags(_ dialect: Dialect) -> String { list(dialect.flags.map(\.shown)) }
        func pages(_ dialect: Dialect) -> String { dialect.pageSize.map { "\($0) entries" } ?? "none: one answer" }
        let own = source?.dialect ?? dialect
        settings = [
            Setting("people.filter", standard: dialect.peopleFilter.text, value: source?.peopleFilter.text),
            Setting("groups.filter", standard: dialect.groupFilter.text, value: source?.groupFilter.text),
            Setting("attributes.id", standard: standard.id, value: used.id),
            Setting("attributes.login", standard: standard.login, value: used.login),
            Setting("attributes.email", standard: standard.email, value: used.email),
            Setting("attributes.aliases", standard: list(standard.aliases), value: list(used.aliases)),
            Setting("attributes.disabled", standard: "(none)", value: or(disabled)),
            Setting("attributes.last_sign_in", standard: or(standard.lastSignIn), value: or(used.lastSignIn)),
            Setting("attributes.expires", standard: or(standard.expires), value: or(used.expires)),
            Setting("attributes.disabled_flag", standard: flags(dialect), value: flags(own)),
            Setting("groups.members", standard: members(dialect), value: members(own)),
            Setting(
                "membership on the person",
                standard: or(dialect.primaryGroup?.ofPerson ?? dialect.roleAttribute), isSettable: false),
            Setting("page_size", standard: pages(dialect), value: pages(own)),
        ]
    }
}

extension AccountFlag {
    /// As a human would write what says disabled.
    var shown: String {
        switch reading {
        case .value(let text): "\(attribute)=\(text)"
        case .truth: "\(attribute)=TRUE"
        case .userAccountControl: "\(attribute) bit 2"
        }
    }
}

package import DirectoryModel
package import LDAPClient

/// What both kinds of source have to know.
package struct SourceSettings: Sendable {
    /// Name of the directory as configured.
    package var name: String
    package var dialect: Dialect
    package var people: BranchSettings
    /// No bases: the directory's groups are not read.
    package var groups: BranchSettings
    package var attributes: AttributeSettings
    /// Ids of people and groups that must be seen for a pull to count as complete.
    package var sentinels: [ImmutableID]

    package init(
        name: String, dialect: Dialect = .openLDAP, people: BranchSettings, groups: BranchSettings,
        attributes: AttributeSettings? = nil, sentinels: [ImmutableID] = []
    ) {
        self.name = name
        self.dialect = dialect
        self.people = people
        self.groups = groups
        self.attributes = attributes ?? dialect.attributes
        self.sentinels = sentinels
    }

    var peopleFilter: LDAPFilter { (people.filter ?? dialect.peopleFilter).excluding(people.exclude) }
    var groupFilter: LDAPFilter { (groups.filter ?? dialect.groupFilter).excluding(groups.exclude) }

    func failure(_ kind: PullFailure.Kind, _ message: String, _ hint: String) -> PullFailure {
        PullFailure(kind: kind, directory: name, message: message, hint: hint)
    }

    /// The bases as names; one that lies under another is left out, or its entries would be read twice.
    func bases(_ branch: BranchSettings) throws(PullFailure) -> [Base] {
        var all: [Base] = []
        for text in branch.bases {
            do throws(DNSyntaxError) {
                all.append(Base(text: text, name: try DistinguishedName(text)))
            } catch {
                throw failure(
                    .badConfiguration, "the base `\(text)` is not a distinguished name: \(error.reason.rawValue)",
                    "correct the base")
            }
        }
        var kept: [Base] = []
        for (place, base) in all.enumerated() {
            let isCovered = all.enumerated().contains { other in
                guard other.offset != place, base.name.isUnder(other.element.name) else { return false }
                return other.element.name != base.name || other.offset < place
            }
            if !isCovered { kept.append(base) }
        }
        return kept
    }
}

/// An entry under which to search: as configured, and as a name.
struct Base: Sendable {
    var text: String
    var name: DistinguishedName
}

/// An LDAP directory.
package struct LDAPSourceSettings: Sendable {
    package var source: SourceSettings
    /// Tried in order; one server serves the whole run. None: those that DNS names for the domain.
    package var urls: [LDAPURL]
    package var domain: String?
    package var connection: ConnectionSettings
    /// Shared by whoever shares the settings: what was refused once is not sent again.
    package var account: BindAccount
    package var retry = RetrySettings()
    /// How servers are found by DNS; nil takes the name servers of the system.
    package var lookup: ServiceLookup?

    package init(
        source: SourceSettings, urls: [LDAPURL], connection: ConnectionSettings, bind: BindMethod
    ) {
        self.source = source
        self.urls = urls
        self.connection = connection
        account = BindAccount(bind)
    }

    package var bind: BindMethod { account.method }
}

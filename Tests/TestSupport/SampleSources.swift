package import DirectoryModel
package import DirectorySources
package import LDAPClient

/// Sources over the sample company.
package enum SampleSources {
    package static func settings(
        peopleBase: String = "ou=people,dc=example,dc=org", groupBases: [String] = ["ou=groups,dc=example,dc=org"],
        filter: String? = nil, exclude: String? = nil, disabled: DisabledWhen? = nil, sentinels: [Int] = []
    ) throws -> SourceSettings {
        var attributes = Dialect.openLDAP.attributes
        attributes.disabled = disabled
        // The attribute of slapo-lastbind is not in every schema; any attribute with a time will do.
        attributes.lastSignIn = "description"
        return SourceSettings(
            name: "corp",
            people: BranchSettings(
                bases: [peopleBase], filter: try filter.map { try LDAPFilter(parsing: $0) },
                exclude: try exclude.map { try LDAPFilter(parsing: $0) }),
            groups: BranchSettings(bases: groupBases), attributes: attributes,
            sentinels: sentinels.compactMap { ImmutableID(text: SampleCompany.id($0)) })
    }

    package static func ldap(
        _ urls: [String], _ settings: SourceSettings, connection: ConnectionSettings? = nil,
        bind: BindMethod? = nil
    ) -> LDAPSource {
        LDAPSource(ldapSettings(urls, settings, connection: connection, bind: bind))
    }

    /// Settings by which a pull that breaks off is not started over.
    package static func ldapSettings(
        _ urls: [String], _ settings: SourceSettings, connection: ConnectionSettings? = nil,
        bind: BindMethod? = nil
    ) -> LDAPSourceSettings {
        let timeouts = Timeouts(connect: .seconds(2), idle: .seconds(2), pull: .seconds(20))
        let administrator = BindMethod.simple(
            dn: SlapdFixture.administrator, password: Secret(Array(SlapdFixture.password.utf8)))
        var made = LDAPSourceSettings(
            source: settings, urls: urls.compactMap { LDAPURL($0) },
            connection: connection ?? ConnectionSettings(timeouts: timeouts), bind: bind ?? administrator)
        made.retry = RetrySettings(attempts: 1)
        return made
    }
}

extension DirectorySource {
    /// The pull, which must be complete.
    package func completePull(_ request: PullRequest = PullRequest()) throws -> Pull {
        switch pull(request, progress: { _ in }) {
        case .complete(let pull): return pull
        case .failed(let failure): throw failure
        }
    }

    /// The failure of a pull that must not be complete.
    package func failedPull(_ request: PullRequest = PullRequest()) throws -> PullFailure {
        switch pull(request, progress: { _ in }) {
        case .complete: throw Command.Failure(description: "the pull was complete")
        case .failed(let failure): return failure
        }
    }
}

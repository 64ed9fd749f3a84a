internal import DirectoryModel

extension AccountFacts {
    /// What a mirror tells of accounts, and by what it was told.
    init(_ mirror: Mirror, _ source: SourceSettings) {
        let attributes = source.attributes
        self.init(
            people: mirror.people.count,
            flags: source.dialect.flags.map(\.shown)
                + (attributes.disabled.map { ["\($0.attribute)=\($0.equals)"] } ?? []),
            expires: attributes.expires, lastSignIn: attributes.lastSignIn)
        for row in mirror.people {
            switch row.state {
            case .enabled: break
            case .disabledByAttribute: disabledByAttribute += 1
            case .lockedPermanently: locked += 1
            case .disabledByFlag: disabledByFlag += 1
            case .expired: expired += 1
            }
            if !row.problems.isDisjoint(with: [.unclearState, .contradictoryState]) { unclear += 1 }
            guard row.lastSignIn != .min else { continue }
            withLastSignIn += 1
            newestSignIn = max(newestSignIn ?? .min, row.lastSignIn)
        }
    }
}

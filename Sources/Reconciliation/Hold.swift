import DirectoryModel
package import MappingLanguage

/// What a guard did not let through.
package struct Hold: Sendable, Equatable {
    package enum Extent: Sendable, Equatable {
        /// Nothing of the target is written but suspensions of disabled people; or nothing at all.
        case target(evenDisabled: Bool)
        /// The group gives what it gave in the last applied run.
        case group(GroupKey, name: String)
        /// One privileged grant is withheld.
        case grant(PersonKey, what: String)
    }
    package var kind: GuardKind
    package var extent: Extent
    /// The figures, in one sentence: `group corp:sales-emea lost 212 of 230 members since run 811 (limit 30 %)`.
    package var message: String
    package var count: Int
    package var limit: Int
    /// People whom it concerns: what an approval would have to name.
    package var people: [PersonKey]
    /// What would have happened, counted: `188 suspended`.
    package var wouldHave: [String]
    /// What the figures leave out, in one sentence; empty where they say everything.
    package var note: String
    /// The ten largest causes, largest first.
    package var causes: [HoldCause]
    /// How many there were before, where some of so many went.
    package var before: Int?
    /// What is the matter with the group, where one is frozen.
    package var doubt: GroupDoubt?

    package init(
        kind: GuardKind, extent: Extent, message: String, count: Int, limit: Int, people: [PersonKey],
        wouldHave: [String], causes: [HoldCause], before: Int? = nil, note: String = "",
        doubt: GroupDoubt? = nil
    ) {
        self.kind = kind
        self.extent = extent
        self.message = message
        self.count = count
        self.limit = limit
        self.people = people
        self.wouldHave = wouldHave
        self.causes = causes
        self.before = before
        self.note = note
        self.doubt = doubt
    }
}

extension Hold {
    /// Whether it is a privileged grant that is withheld: the rest of the target goes on.
    package var isGrant: Bool { if case .grant = extent { true } else { false } }
}

/// One cause behind a hold, with how many people.
package struct HoldCause: Sendable, Equatable {
    package var text: String
    package var people: Int

    package init(text: String, people: Int) {
        self.text = text
        self.people = people
    }
}

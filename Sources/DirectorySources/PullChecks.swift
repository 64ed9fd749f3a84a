internal import DirectoryModel
internal import LDAPClient

/// What has to hold of everything that was read, whichever the source, for a pull to be complete.
struct PullChecks {
    let settings: SourceSettings
    /// How many of the people that were read have a login, and how many an email.
    var withLogin = 0
    var withEmail = 0

    init(_ settings: SourceSettings) { self.settings = settings }

    mutating func count(_ draft: PersonDraft) {
        if draft.has(PersonField.login.tag) { withLogin += 1 }
        if draft.has(PersonField.email.tag) { withEmail += 1 }
    }

    /// Throws when nobody was found, an attribute is missing everywhere or a sentinel was not seen.
    func check(_ builder: borrowing MirrorBuilder) throws(PullFailure) {
        guard builder.peopleCount > 0 else { throw nobody(setAside: builder.setAside.count) }
        if !settings.groups.bases.isEmpty, builder.groupCount == 0 {
            throw settings.failure(
                .incomplete, "no entry under \(list(settings.groups.bases)) is a group by `\(settings.groupFilter.text)`",
                "correct `groups`, or leave it out if the directory has none; see that the bind account may read them")
        }
        try checkAttribute(settings.attributes.login, withLogin, builder.peopleCount)
        try checkAttribute(settings.attributes.email, withEmail, builder.peopleCount)
        for sentinel in settings.sentinels where !builder.contains(sentinel) {
            throw settings.failure(
                .incomplete, "the sentinel `\(sentinel)` was not among \(builder.peopleCount) people and \(builder.groupCount) groups",
                "see that the bind account may read it; if it was deleted on purpose, correct `sentinels`")
        }
    }

    private func nobody(setAside: Int) -> PullFailure {
        guard setAside == 0 else {
            return settings.failure(
                .incomplete, "none of the \(setAside) entries that were read has a usable `\(settings.attributes.id)`",
                "correct `attributes.id`, or let the bind account read it")
        }
        return settings.failure(
            .incomplete, "no entry under \(list(settings.people.bases)) matches `\(settings.peopleFilter.text)`",
            "correct `people.filter` and the spelling of its attributes, or let the bind account read the entries")
    }

    /// An attribute that nobody has is misspelled or hidden; taken for absent it would change everybody.
    private func checkAttribute(_ name: String, _ count: Int, _ people: Int) throws(PullFailure) {
        guard count == 0 else { return }
        throw settings.failure(
            .incomplete, "none of \(people) people shows the attribute `\(name)`",
            "correct its name under `attributes`, or let the bind account read it")
    }

    private func list(_ bases: [String]) -> String { bases.map { "`\($0)`" }.joined(separator: ", ") }

    /// What is wrong with entries that contradict each other.
    func failure(_ fault: MirrorFault) -> PullFailure {
        switch fault {
        case .sameID(let id):
            settings.failure(
                .incomplete, "two entries have the id `\(id)`",
                "the directory changed while it was read, or `attributes.id` is not unique; run again, then repair the entries")
        case .sameDN(let dn):
            settings.failure(
                .incomplete, "two entries have the DN `\(EntryText.shown(dn))`",
                "the directory changed while it was read; run again")
        case .tooMuch:
            settings.failure(.incomplete, "the directory holds more than one mirror can", "split it into several directories")
        }
    }
}

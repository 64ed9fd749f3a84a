internal import DirectoryModel
internal import LDAPClient

/// What has to hold of everything that was read, whichever the source, for a pull to be complete.
struct PullChecks {
    let settings: SourceSettings
    /// Attributes of people, and how many of those that were read show each.
    private let attributes: [WatchedAttribute]
    private var counts: [Int]
    /// The bases of people that are searched, and how many were found under each.
    private let peopleBases: [String]
    private var peopleByBase: [Int]
    /// The same of groups.
    private let groupBases: [String]
    private var groupsByBase: [Int]

    init(_ settings: SourceSettings, _ reader: PersonReader) {
        self.settings = settings
        attributes = reader.watched
        counts = attributes.map { _ in 0 }
        peopleBases = ((try? settings.bases(settings.people)) ?? []).map(\.text)
        peopleByBase = peopleBases.map { _ in 0 }
        groupBases = ((try? settings.bases(settings.groups)) ?? []).map(\.text)
        groupsByBase = groupBases.map { _ in 0 }
    }

    /// Takes in a person under the base at a place, and which of the attributes they show, a bit each.
    @inline(__always)
    mutating func count(_ shown: UInt64, base: Int) {
        if peopleByBase.indices.contains(base) { peopleByBase[base] += 1 }
        for place in counts.indices where shown & 1 << UInt64(place) != 0 { counts[place] += 1 }
    }

    /// Takes in a group under the base at a place.
    @inline(__always)
    mutating func countGroup(base: Int) {
        if groupsByBase.indices.contains(base) { groupsByBase[base] += 1 }
    }

    /// Throws when nobody was found, an attribute is missing everywhere or on more people than at the last run, or a sentinel was not seen.
    func check(_ builder: borrowing MirrorBuilder, against last: DirectoryStamp?) throws(PullFailure) {
        guard builder.peopleCount > 0 else { throw nobody(setAside: builder.setAside.count) }
        if !settings.groups.bases.isEmpty, builder.groupCount == 0 {
            throw settings.failure(
                .incomplete,
                "no entry under \(list(settings.groups.bases)) is a group by `\(settings.groupFilter.text)`",
                "correct `groups`, or leave it out if the directory has none; see that the bind account may read them")
        }
        for (attribute, count) in zip(attributes, counts) where attribute.demand == .required {
            try checkAttribute(attribute.name, count, builder.peopleCount)
        }
        let before = ChangeStamps(last)
        if before.facts.contains(scope(settings.people, settings.peopleFilter)) {
            for (attribute, count) in zip(attributes, counts) {
                try compare(attribute, count, builder.peopleCount, before)
            }
            try compareBases(found(peopleBases, peopleByBase), "nobody", before.people)
        }
        if before.facts.contains(scope(settings.groups, settings.groupFilter)) {
            try compareBases(found(groupBases, groupsByBase), "no group", before.groups)
        }
        for sentinel in settings.sentinels where !builder.contains(sentinel) {
            throw settings.failure(
                .incomplete,
                "the sentinel `\(sentinel)` was not among \(builder.peopleCount) people and \(builder.groupCount) groups",
                "see that the bind account may read it; if it was deleted on purpose, correct `sentinels`")
        }
    }

    /// What the next pull compares with.
    func facts(people: Int) -> [StampFact] {
        zip(attributes, counts).map { .shown(attribute: $0.name, $1, of: people) }
            + zip(peopleBases, peopleByBase).map { .people(base: $0, $1) }
            + zip(groupBases, groupsByBase).map { .groups(base: $0, $1) }
            + [scope(settings.people, settings.peopleFilter), scope(settings.groups, settings.groupFilter)]
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

    /// Of so many people none may vanish at once: fewer may have left.
    private static let several = 10

    /// An attribute that was taken from the bind account's sight for a part of the people shows as a smaller share of them.
    ///
    /// One percentage point less is allowed, and three people.
    private func compare(
        _ attribute: WatchedAttribute, _ count: Int, _ people: Int, _ last: ChangeStamps
    ) throws(PullFailure) {
        let name = attribute.name
        for case .shown(name, let before, let of) in last.facts where of > 0 {
            let expected = before.multipliedReportingOverflow(by: people)
            guard !expected.overflow else { continue }
            let missing = expected.partialValue / of - count
            let isSmaller = missing > 3 && missing > people / 100
            let isHidden =
                switch attribute.demand {
                case .required, .counted: isSmaller
                // Newcomers without it take it from nobody.
                case .common: isSmaller && count < before && before >= of - of / 10
                // Those who had it may all have been deleted.
                case .marker: count == 0 && before >= PullChecks.several && people > of - before
                }
            guard isHidden else { continue }
            throw settings.failure(
                .incomplete,
                "`\(name)` shows on \(count) of \(people) people; at the last run it showed on \(before) of \(of)",
                hint(attribute))
        }
    }

    private func hint(_ attribute: WatchedAttribute) -> String {
        let without =
            attribute.demand == .required
            ? "; people who never have one can be left out: `people.exclude: \"(!(\(attribute.name)=*))\"`" : ""
        return "let the bind account read it on all of them\(without); if they really lost it, \(settings.acceptance)"
    }

    private func found(_ bases: [String], _ counts: [Int]) -> [(base: String, count: Int)] { Array(zip(bases, counts)) }

    /// A branch that ends well with nothing in it, as one whose backend is down may; `before` is how many were under a base at the last run.
    private func compareBases(
        _ found: [(base: String, count: Int)], _ nothing: String, _ before: (String) -> Int
    ) throws(PullFailure) {
        for (base, count) in found where count == 0 && before(base) > 0 {
            throw settings.failure(
                .incomplete,
                "\(nothing) was found under `\(base)`; when everything was last read there were \(before(base))",
                "see what that branch is served by, and that the bind account may read it; if they are all gone, "
                    + settings.acceptance)
        }
    }

    /// A hash of where and by what people, or groups, are looked for.
    private func scope(_ branch: BranchSettings, _ filter: LDAPFilter) -> StampFact {
        let text = ([settings.dialect.kind.rawValue] + branch.bases + [filter.text]).joined(separator: "\n")
        let hash = Array(text.utf8).withUnsafeBytes { DNHashKey(first: 1, second: 2).hash($0).low }
        return .scope(String(hash, radix: 16))
    }

    private func list(_ bases: [String]) -> String { bases.map { "`\($0)`" }.joined(separator: ", ") }

    /// What is wrong with entries that contradict each other.
    func failure(_ fault: MirrorFault) -> PullFailure {
        switch fault {
        case .sameID(let id):
            settings.failure(
                .incomplete, "two entries have the id `\(id)`",
                "the directory changed while it was read, or `attributes.id` is not unique; run again, then repair the entries"
            )
        case .sameDN(let dn):
            settings.failure(
                .incomplete, "two entries have the DN `\(EntryText.shown(dn))`",
                "the directory changed while it was read; run again")
        case .tooMuch:
            settings.failure(
                .incomplete, "the directory holds more than one mirror can", "split it into several directories")
        }
    }
}

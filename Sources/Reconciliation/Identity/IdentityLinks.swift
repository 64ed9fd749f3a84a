import AccessModel
package import DirectoryModel

/// Which identities of several directories are one human tonight, and who of the roster is known by another one from now on.
///
/// The order of directories in the configuration never shows; only `prefer` counts.
package struct IdentityLinks: Sendable {
    /// For each identity that is not a person of its own the one it stands for; `nobody` for one that waits for a user who is
    /// missing under another identity.
    package private(set) var standsFor: [PersonIndex: PersonIndex] = [:]
    /// Sorted; the roster's keys before and after.
    package private(set) var moves: [IdentityMove] = []
    package private(set) var findings: [Finding] = []

    package static let nobody = PersonIndex.max

    /// What links are found by.
    package struct Scene {
        package var rule: SamePerson
        package var mirror: Mirror
        /// Names of directories that were not read: the mirror has them as they were.
        package var unread: Set<String>
        /// All targets.
        package var rosters: [TargetRoster]
        package var absences: [PersonKey: AbsenceFinding]
        /// Whether users may take up another identity in this run.
        package var mayMove: Bool

        package init(
            rule: SamePerson, mirror: Mirror, unread: Set<String> = [], rosters: [TargetRoster],
            absences: [PersonKey: AbsenceFinding] = [:], mayMove: Bool = false
        ) {
            self.rule = rule
            self.mirror = mirror
            self.unread = unread
            self.rosters = rosters
            self.absences = absences
            self.mayMove = mayMove
        }
    }

    private let scene: Scene
    private let values: IdentityValues
    private let holders: IdentityHolders

    /// The links by what is there, for looking at; nobody who is missing is followed.
    package init(_ scene: Scene) { self.init(scene) { Mirror() } }

    /// `last` is the mirror of the last applied run; it is asked for only where users are missing.
    package init(_ scene: Scene, last: () throws -> Mirror) rethrows {
        self.scene = scene
        values = IdentityValues(scene.rule, scene.mirror)
        holders = IdentityHolders(scene.rosters, scene.mirror)
        for people in values.shared { settle(people) }
        leaveNewcomersAside()
        let missing = holders.absent.filter {
            scene.rule.prefer.contains($0.directory) && !scene.unread.contains($0.directory)
        }
        if !missing.isEmpty { follow(missing, try last()) }
        moves.sort { $0.from < $1.from }
        tellWhoIsNotRecognized()
    }

    /// People with one value: two of different directories are one human, anything else is told and left apart.
    private mutating func settle(_ people: [PersonIndex]) {
        let directories = Set(people.map { scene.mirror.people[Int($0)].directory })
        guard people.count == 2, directories.count == 2 else {
            tell(
                people, "identity.ambiguous",
                directories.count < people.count
                    ? "have the same `\(scene.rule.name)` within one directory"
                    : "have the same `\(scene.rule.name)`",
                "correct the attribute; until then each is a person of their own")
            return
        }
        let ordered = people.sorted { rank($0) < rank($1) }
        guard let first = ordered.first, let other = ordered.last else { return }
        if holders[first] == .user, holders[other] == .user {
            tell(
                ordered, "identity.two-users",
                "are one person by `\(scene.rule.name)`, and both are users already",
                "decide which account stays, and let the other be removed; until then both are left apart")
        } else if holders[other] > .removed, holders[first] < holders[other] {
            if mayMove(from: scene.mirror.people[Int(other)], to: first) {
                moves.append(IdentityMove(from: key(other), to: key(first)))
                standsFor[other] = first
            } else {
                standsFor[first] = other
            }
        } else {
            standsFor[other] = first
        }
    }

    /// Users take up an identity that nobody has, that is enabled and can be used, on a night on which both directories were read.
    private func mayMove(from row: PersonRow?, to person: PersonIndex) -> Bool {
        let target = scene.mirror.people[Int(person)]
        return scene.mayMove && holders[person] == .nobody && target.state.isEnabled && target.problems.isEmpty
            && !isUnread(target) && row.map(isUnread) != true
    }

    /// Users who are gone from one directory and stand in another with the value they had when they were last seen.
    private mutating func follow(_ missing: [PersonKey], _ last: Mirror) {
        var found: [(key: PersonKey, person: PersonIndex)] = []
        for key in missing {
            guard let before = last.person(key) else { continue }
            let known = IdentityValues.values(of: before, scene.rule, last)
            guard known.count == 1, let value = known.first else { continue }
            let people = values.people(with: value)
            guard people.count == 1, let person = people.first,
                scene.mirror.key(of: Int(person)).directory != key.directory, holders[person] != .user
            else { continue }
            found.append((key, person))
        }
        for (key, person) in found {
            let isOnly = found.count { $0.person == person } == 1
            if isOnly, scene.absences[key] == .gone, mayMove(from: nil, to: person) {
                moves.append(IdentityMove(from: key, to: self.key(person)))
            } else {
                standsFor[person] = IdentityLinks.nobody
            }
        }
    }

    /// Where a frozen directory was last read before the attribute was asked for, nobody can tell whom its users are: newcomers
    /// elsewhere who may be one of them wait until it is read.
    private mutating func leaveNewcomersAside() {
        let blind = scene.rule.prefer.filter { name in
            scene.unread.contains(name) && values.without[name].map { $0.all > 0 && $0.none == $0.all } == true
        }
        if blind.isEmpty { return }
        for person in values.people where holders[person] == .nobody && standsFor[person] == nil {
            standsFor[person] = IdentityLinks.nobody
        }
    }

    private func isUnread(_ row: PersonRow) -> Bool {
        Int(row.directory) < scene.mirror.directories.count
            && scene.unread.contains(scene.mirror.directories[Int(row.directory)])
    }

    /// The place of somebody's directory in `prefer`.
    private func rank(_ person: PersonIndex) -> Int {
        scene.rule.prefer.firstIndex(of: key(person).directory) ?? Int.max
    }

    private func key(_ person: PersonIndex) -> PersonKey { scene.mirror.key(of: Int(person)) }

    private func name(_ person: PersonIndex) -> String {
        "\(scene.mirror.label(of: Int(person))) (\(key(person).directory))"
    }

    private mutating func tell(_ people: [PersonIndex], _ code: String, _ message: String, _ hint: String) {
        guard let first = people.first else { return }
        let names = people.prefix(4).map { "`\(name($0))`" }.joined(separator: ", ")
        let rest = people.count > 4 ? " and \(people.count - 4) more" : ""
        findings.append(
            Finding(
                code: code, weight: .warning, person: key(first), label: scene.mirror.label(of: Int(first)),
                message: "\(names)\(rest) \(message)", hint: hint))
    }

    private mutating func tellWhoIsNotRecognized() {
        for person in values.several {
            findings.append(
                Finding(
                    code: "identity.several-values", weight: .warning, person: key(person),
                    label: scene.mirror.label(of: Int(person)),
                    message: "has several values of `\(scene.rule.name)`, so is nobody's other identity",
                    hint: "leave one value"))
        }
        for (directory, count) in values.without.sorted(by: { precedes($0.key, $1.key) }) where count.none > 0 {
            findings.append(
                Finding(
                    code: "identity.no-value", weight: .note, label: "directory \(directory)",
                    message:
                        "\(count.none) of \(count.all) people have no `\(scene.rule.name)`, so are nobody's other identity"
                ))
        }
    }
}

/// A random story of one target, as data: what it starts with, and what happens before each night.
struct History: Sendable {
    enum Event: Sendable {
        case join(String, directory: String, emails: [String])
        case leave(String, ModelDirectory.Absence)
        case comeBack(String)
        case disable(String), enable(String)
        case unreadable(String, Bool)
        case emails(String, [String])
        case swapEmails(String, String)
        case enter(group: String, person: String), exit(group: String, person: String)
        case nest(group: String, inner: String), unnest(group: String, inner: String)
        case empty(group: String), fill(group: String)
        case group(String, ModelDirectory.Group.Standing)
        case rule(Int, ModelRule?)
        case seats(Int, Int)
        case limit(ModelGuard, ModelLimit)
        /// Another level of talks in a template.
        case template(String, Int)
        case wait(Int64)
        /// The clock is set back, and a human says that it is right now.
        case clockBack(Int64)
        case unread(Bool)
        case suspend(String), resume(String)
        /// Access beside the directory, for so many seconds or for good.
        case grant(String, ModelPart, seconds: Int64?), revoke(String, ModelPart)
        case signIn(String, daysAgo: Int64?, accepted: Bool)
        case approve(people: Set<String>, allow: [ModelGuard: Int], groups: [String: Int], days: Int64)
    }

    var seed: UInt64
    var target: ModelTarget
    var rules: [ModelRule?]
    var direct: Set<String>
    var groups: [String: ModelDirectory.Group]
    /// What happens before each night.
    var nights: [[Event]]
}

/// Where a history stands: the directory, the files, the clock.
struct HistoryState: Sendable {
    var directory = ModelDirectory()
    var rules: [ModelRule?]
    var target: ModelTarget
    var approvals: [ModelApproval] = []
    var now: Int64 = 1_000_000_000
    var run: Int64 = 1
    let direct: Set<String>
    private var gone: [String: ModelDirectory.Person] = [:]

    init(_ history: History) {
        directory.groups = history.groups
        rules = history.rules
        target = history.target
        direct = history.direct
    }

    var presentRules: [ModelRule] { rules.compactMap { $0 } }

    /// What the event changes in the directory, the files and the clock; acts by hand change nothing here.
    mutating func happen(_ event: History.Event) {
        switch event {
        case .join(let person, let directoryName, let emails):
            if directory.people[person] == nil, gone[person] == nil {
                directory.people[person] = ModelDirectory.Person(directory: directoryName, emails: emails)
            }
        case .leave(let person, let absence):
            guard let entry = directory.people.removeValue(forKey: person) else { return }
            gone[person] = entry
            directory.gone[person] = (entry.directory, absence)
        case .comeBack(let person):
            guard let entry = gone.removeValue(forKey: person) else { return }
            directory.people[person] = entry
            directory.gone[person] = nil
        case .disable(let person): directory.people[person]?.isDisabled = true
        case .enable(let person): directory.people[person]?.isDisabled = false
        case .unreadable(let person, let isUnreadable): directory.people[person]?.isUnreadable = isUnreadable
        case .emails(let person, let emails): directory.people[person]?.emails = emails
        case .swapEmails(let one, let other):
            guard let first = directory.people[one], let second = directory.people[other] else { return }
            directory.people[one]?.emails = second.emails
            directory.people[other]?.emails = first.emails
        default: happenToGroups(event)
        }
    }

    private mutating func happenToGroups(_ event: History.Event) {
        switch event {
        case .enter(let group, let person): directory.groups[group]?.people.insert(person)
        case .exit(let group, let person): directory.groups[group]?.people.remove(person)
        case .nest(let group, let inner):
            if directory.groups[inner] != nil { directory.groups[group]?.groups.insert(inner) }
        case .unnest(let group, let inner): directory.groups[group]?.groups.remove(inner)
        case .empty(let group): directory.groups[group]?.people = []
        case .fill(let group):
            let home = directory.groups[group]?.directory
            directory.groups[group]?.people = Set(directory.people.filter { $0.value.directory == home }.keys)
        case .group(let group, let standing): directory.groups[group]?.standing = standing
        default: happenToFiles(event)
        }
    }

    private mutating func happenToFiles(_ event: History.Event) {
        switch event {
        case .rule(let place, let rule):
            rules[place] = rule
            target.fingerprint += 1
        case .seats(let pool, let limit):
            target.pools[pool].limit = limit
            target.fingerprint += 1
        case .limit(let kind, let limit):
            target.limits[kind] = limit
            target.fingerprint += 1
        case .template(let name, let talks):
            target.talks[name] = talks
            target.fingerprint += 1
        case .wait(let seconds): now += seconds
        case .clockBack(let seconds): now -= seconds
        case .unread(let isUnread): directory.unread = isUnread ? ["labs"] : []
        case .approve(let people, let allow, let groups, let days):
            approvals.append(
                ModelApproval(
                    name: "approvals/\(approvals.count).yaml", people: people, allow: allow, groups: groups, from: now,
                    until: now + days * 86_400))
        default: break
        }
    }
}

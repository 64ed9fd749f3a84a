import AccessModel
import DirectoryModel
import MappingLanguage

/// One user on the way back: what is, what a run did, and what becomes of it.
///
/// Only what is still as the run left it is taken back, value by value.
struct UserUndo {
    /// Place in the roster.
    let place: Int
    let now: UserState
    private(set) var wanted: UserState
    /// What was changed since and stays: `status`, `email`.
    private(set) var changedSince: [String] = []
    /// What no run can take back, in one sentence each.
    private(set) var final: [String] = []
    private(set) var reason: String?

    /// Whether the run joined an unmanaged account with a person, and nobody has changed that since.
    private(set) var givesAccountBack = false
    /// The email that the run left.
    let leftEmail: [UInt8]
    private let isOfImport: Bool

    init(place: Int, now: UserState, image: UserImage, time: Int64, isOfImport: Bool = false) {
        self.place = place
        self.now = now
        self.isOfImport = isOfImport
        leftEmail = image.left.email
        wanted = now
        if let before = image.before {
            standing(before, image.left, time)
            values(before, image.left)
        } else {
            uncreate(image.left, time)
        }
    }

    var changesAnything: Bool { wanted != now }

    /// Leaves the user as is.
    mutating func cancel() {
        wanted = now
        givesAccountBack = false
    }

    private mutating func uncreate(_ left: UserState, _ time: Int64) {
        if now.status == .removed { return }
        guard now.status == left.status else {
            changedSince.append("status")
            return
        }
        remove(time)
    }

    private mutating func remove(_ time: Int64) {
        wanted.status = .removed
        wanted.details.statusBefore = nil
        wanted.details.causes = []
        wanted.details.pending = []
        wanted.details.statusSince = time
    }

    private mutating func standing(_ before: UserState, _ left: UserState, _ time: Int64) {
        guard !before.standsLike(left) else { return }
        guard now.standsLike(left) else {
            if !now.standsLike(before) { changedSince.append("status") }
            return
        }
        if left.status == .removed, before.status != .removed, !before.managed {
            unlink(before)
            return
        }
        if left.status == .removed, before.status != .removed {
            final.append("was removed on the platform, and is invited anew")
            wanted.status = before.status == .suspended ? .suspended : .invited
            wanted.details = before.details
            if before.status == .suspended { wanted.details.statusBefore = .invited }
            wanted.details.pending = now.details.pending
            wanted.details.lifted = now.details.lifted
            wanted.since = before.status == .suspended ? before.since : time
            return
        }
        if before.status == .invited, left.status == .active {
            final.append("has accepted the invitation, and stays active")
            return
        }
        if before.status == .removed {
            final.append("was \(isOfImport ? "taken over" : "invited"), and is removed again")
            wanted.since = before.since
        }
        wanted.status = before.status
        wanted.details.statusBefore = before.details.statusBefore
        wanted.details.causes = before.details.causes
        wanted.details.statusSince = before.details.statusSince
    }

    /// The account was never removed on the platform: it only became a person's.
    private mutating func unlink(_ before: UserState) {
        givesAccountBack = true
        wanted.status = before.status
        wanted.details.statusBefore = before.details.statusBefore
        wanted.details.causes = before.details.causes
        wanted.details.statusSince = before.details.statusSince
        wanted.since = before.since
    }

    private mutating func values(_ before: UserState, _ left: UserState) {
        take("email", \.email, before, left)
        take("name", \.name, before, left)
        take("managed", \.managed, before, left)
        take(nil, \.groupSet, before, left)
        take(nil, \.details.pending, before, left)
        take(nil, \.details.lifted, before, left)
        take("access by hand", \.details.manual, before, left)
        let access = wanted.access
        take("access", \.access, before, left)
        if wanted.access != access {
            wanted.effective = before.effective
            reason = before.reason
        }
    }

    private mutating func take<Value: Equatable>(
        _ name: String?, _ value: WritableKeyPath<UserState, Value>, _ before: UserState, _ left: UserState
    ) {
        guard before[keyPath: value] != left[keyPath: value] else { return }
        if now[keyPath: value] == left[keyPath: value] {
            wanted[keyPath: value] = before[keyPath: value]
        } else if let name, now[keyPath: value] != before[keyPath: value] {
            changedSince.append(name)
        }
    }
}

extension UserState {
    /// Whether status and everything that goes with it are the same.
    fileprivate func standsLike(_ other: UserState) -> Bool {
        status == other.status && details.causes == other.details.causes
            && details.statusBefore == other.details.statusBefore && details.statusSince == other.details.statusSince
    }
}

extension TargetRoster {
    /// What a user is now; the reason is left out.
    func state(of place: Int) -> UserState {
        let row = users[place]
        let (access, groups) = (Int(row.access), Int(row.groupSet))
        return UserState(
            email: Array(texts.slice(row.email)), name: Array(texts.slice(row.name)), status: row.status,
            managed: row.managed, access: access < accesses.count ? accesses[access] : .none,
            effective: access < effective.count ? effective[access] : "",
            groupSet: groups < groupSets.count ? groupSets[groups] : [], reason: nil, since: row.since,
            details: details[place] ?? UserDetails())
    }
}

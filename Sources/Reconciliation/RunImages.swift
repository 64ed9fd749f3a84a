package import AccessModel
import DirectoryModel
package import MappingLanguage

/// What a user was at some time: everything that a run may write of one.
package struct UserState: Sendable, Equatable {
    package var email: [UInt8]
    package var name: [UInt8]
    package var status: UserStatus
    package var managed: Bool
    package var access: Access
    package var effective: String
    package var groupSet: [GroupKey]
    /// Why the access is as it is, as recorded.
    package var reason: String?
    package var since: Int64
    package var details: UserDetails

    package init(
        email: [UInt8], name: [UInt8], status: UserStatus, managed: Bool, access: Access, effective: String,
        groupSet: [GroupKey], reason: String?, since: Int64, details: UserDetails
    ) {
        self.email = email
        self.name = name
        self.status = status
        self.managed = managed
        self.access = access
        self.effective = effective
        self.groupSet = groupSet
        self.reason = reason
        self.since = since
        self.details = details
    }
}

/// One user through one run: before it, and as it left them.
package struct UserImage: Sendable, Equatable {
    /// The roster's number of the user.
    package var user: Int64
    /// Nil for a user whom the run created.
    package var before: UserState?
    package var left: UserState

    package init(user: Int64, before: UserState?, left: UserState) {
        self.user = user
        self.before = before
        self.left = left
    }
}

/// What one run did to one target, as far as it can be told: what undoing it starts from.
package struct RunImages: Sendable, Equatable {
    package var target: String
    /// In the order of users' numbers.
    package var users: [UserImage]
    /// Places in line as they were before the run took them or changed them.
    package var placesTaken: [PlaceInLine]
    /// Who began to wait in the run, and where.
    package var placesGiven: [PlaceKey]
    /// Places that later runs gave, took or changed.
    package var placesChangedSince: Set<PlaceKey>
    /// Emails of those who came into the line or left it, as the audit has them: who waits need not be a user.
    package var labels: [PersonKey: [UInt8]]

    package struct PlaceKey: Sendable, Hashable {
        package var person: PersonKey
        package var scope: ScopePath

        package init(person: PersonKey, scope: ScopePath) {
            self.person = person
            self.scope = scope
        }
    }

    package init(
        target: String, users: [UserImage], placesTaken: [PlaceInLine], placesGiven: [PlaceKey],
        placesChangedSince: Set<PlaceKey> = [], labels: [PersonKey: [UInt8]] = [:]
    ) {
        self.target = target
        self.users = users
        self.placesTaken = placesTaken
        self.placesGiven = placesGiven
        self.placesChangedSince = placesChangedSince
        self.labels = labels
    }
}

package import AccessModel
package import DirectoryModel

/// One account that a platform's list of users shows, all its lines put together.
package struct PlatformAccount: Sendable, Equatable {
    /// The first of its lines in the list.
    package var line: Int
    /// The platform's own id of the account; empty where the list has none.
    package var account: String
    /// The immutable id of the person, where the list has it.
    package var id: ImmutableID?
    /// Whom a human named: an id, login, email, alias or DN; empty otherwise.
    package var person: String
    package var email: String
    /// Empty where the list has none.
    package var name: String
    package var status: UserStatus
    package var access: Access
    /// Seconds since 1970.
    package var lastSignIn: Int64?
    /// When the account was made, seconds since 1970.
    package var since: Int64?

    package init(line: Int, account: String = "", email: String, status: UserStatus = .active, access: Access = .none) {
        self.line = line
        self.account = account
        id = nil
        person = ""
        self.email = email
        name = ""
        self.status = status
        self.access = access
        lastSignIn = nil
        since = nil
    }
}

/// An account id that the roster holds, with the user who has it.
package struct KnownAccount: Sendable, Equatable {
    package var account: String
    /// The roster's own number of the user.
    package var user: Int64

    package init(account: String, user: Int64) {
        self.account = account
        self.user = user
    }
}

/// An account id to remember with somebody a plan is about.
package struct PlannedAccount: Sendable, Equatable {
    package var account: String
    /// Place in the plan's subjects.
    package var subject: UInt32

    package init(account: String, subject: UInt32) {
        self.account = account
        self.subject = subject
    }
}

/// A text that is equal to another only where every byte is: a key for what comes from outside.
package struct ExactText: Hashable, Sendable {
    package let text: String

    package init(_ text: String) { self.text = text }

    package static func == (left: ExactText, right: ExactText) -> Bool { left.text.utf8.elementsEqual(right.text.utf8) }

    package func hash(into hasher: inout Hasher) {
        for byte in text.utf8 { hasher.combine(byte) }
    }
}

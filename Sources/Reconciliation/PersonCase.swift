import AccessModel
import DirectoryModel

/// One user or newcomer whom a plan has to think about: numbers only, since there may be a million.
struct PersonCase {
    struct Flags: OptionSet {
        let rawValue: UInt16
        /// Nothing but an explicit disabled flag counts: grants, email and absence causes stay as they are.
        static let frozen = Flags(rawValue: 1 << 0)
        static let protected = Flags(rawValue: 1 << 1)
        /// The directory says the person is disabled.
        static let disabled = Flags(rawValue: 1 << 2)
        /// Somebody who is no user yet, or was removed.
        static let joiner = Flags(rawValue: 1 << 3)
        /// All causes are gone; comes back if a seat is free.
        static let returner = Flags(rawValue: 1 << 4)
        /// Kept as is, so that enough admins remain.
        static let keptForFloor = Flags(rawValue: 1 << 5)
        static let emailChanges = Flags(rawValue: 1 << 6)
        static let nameChanges = Flags(rawValue: 1 << 7)
        /// Another person has, or wants, the email.
        static let collides = Flags(rawValue: 1 << 8)
        /// No seat, or not their turn: no user yet.
        static let notCreated = Flags(rawValue: 1 << 9)
        /// A newcomer with a clash of templates or a withheld privilege gets a reason of their own.
        static let gainsPrivilege = Flags(rawValue: 1 << 10)
        static let withheld = Flags(rawValue: 1 << 11)
        static let losesAccess = Flags(rawValue: 1 << 12)
        static let permissionsEdited = Flags(rawValue: 1 << 13)
        /// Comes back from a cause that lets people stand before everybody else in line.
        static let firstInLine = Flags(rawValue: 1 << 14)
        /// Loses a seat to somebody in line, after a long time without signing in.
        static let reclaimed = Flags(rawValue: 1 << 15)
    }

    /// Place in the roster; `RosterJoin.none` for somebody new.
    var user: UInt32
    /// Place in the mirror; `RosterJoin.none` for somebody who is not in it.
    var person: UInt32
    /// Place in the evaluation's grant sets; 0 for nothing.
    var grantSet: UInt32 = 0
    /// Access on record; `Access.none` for a joiner.
    var oldAccess: UInt32 = 0
    /// Access that is right, before seats are looked at.
    var wanted: UInt32 = 0
    /// Access after the plan.
    var final: UInt32 = 0
    /// The email that the directory gives, in the mirror's arena.
    var emailStart: UInt32 = 0
    var emailLength: UInt32 = 0
    var nameStart: UInt32 = 0
    var nameLength: UInt32 = 0
    var emailHash: UInt64 = 0
    var oldStatus: UserStatus = .removed
    var newStatus: UserStatus = .removed
    var flags: Flags = []

    init(user: UInt32, person: UInt32) {
        self.user = user
        self.person = person
    }

    /// Whether the user is there after the plan, with a status in which access counts.
    var isCreated: Bool { !flags.contains(.notCreated) }
}

/// Why a person cannot be treated tonight.
enum Quarantine: UInt8 {
    case unreadable, unclearState, noEmail, foreignEmail, collision

    /// What keeps an entry from being used; nil where nothing does.
    init?(_ problems: EntryProblems) {
        if problems.isEmpty { return nil }
        self = problems.isSubset(of: [.unclearState, .contradictoryState]) ? .unclearState : .unreadable
    }

    var code: String {
        switch self {
        case .unreadable: "person.unreadable"
        case .unclearState: "person.unclear-state"
        case .noEmail: "person.no-email"
        case .foreignEmail: "person.foreign-email"
        case .collision: "person.email-collision"
        }
    }
}

internal import DirectoryModel

/// One refresh of RFC 4533 (mode refreshOnly): takes the server's messages one after the other and says at the end what they mean.
///
/// What a refresh means is told by its end: entries and ids alone do not say whether those that were not mentioned are still there.
struct SyncRefresh {
    /// What the entries and ids of a refresh say about those that were not mentioned.
    enum Mode: Equatable {
        /// Nothing changed.
        case none
        /// Nothing: who is gone was named.
        case delete
        /// They are gone: everybody who is there was mentioned. To be confirmed, since a reload leaves out what changes meanwhile.
        case present
    }

    /// A refresh that ended well.
    struct Change: Equatable {
        var mode: Mode
        /// Entries that came, in whichever state.
        var changed: Set<ImmutableID>
        /// Everybody who was said to be there, with or without the entry.
        var seen: Set<ImmutableID>
        /// Everybody who was said to be gone; the server may name some who never were in the search, and one who came as well:
        /// then only a look at the directory tells.
        var deleted: Set<ImmutableID>
        /// Who changed, as the server said, and was not found in the search; whether they are gone, it did not say.
        var missing: Set<ImmutableID> = []
        /// The cookie for the next time: the old one where the server gave none.
        var cookie: [UInt8]

        /// Whether the server said that there is nothing new.
        var isQuiet: Bool { changed.isEmpty && deleted.isEmpty && missing.isEmpty && mode != .present }
    }

    enum Outcome: Equatable {
        case changes(Change)
        case fullPullNeeded(SyncDoubt)
        /// The server ended the search with a code that has nothing to do with the position.
        case failed(code: Int32)
    }

    private let sent: (bytes: [UInt8], cookie: SyncCookie)
    private var changed: Set<ImmutableID> = []
    private var seen: Set<ImmutableID> = []
    private var deleted: Set<ImmutableID> = []
    private var listsIDs = false
    private var hasSets = false
    private var doubt: SyncDoubt?

    /// A refresh since a cookie; throws when it must not be sent.
    init(since cookie: [UInt8]) throws(SyncDoubt) {
        guard let parsed = SyncCookie(cookie) else { throw .unreadableCookie }
        sent = (cookie, parsed)
    }

    /// The value of the control to send.
    var request: [UInt8] { SyncControls.refreshOnly(cookie: sent.bytes) }

    // MARK: Messages

    /// Takes the state that came with an entry; the entry is to be kept when true comes back.
    ///
    /// `id` is the identity in the entry itself, where it shows it.
    mutating func take(_ state: SyncState?, id: ImmutableID?) -> Bool {
        guard let state, let uuid = ImmutableID(bytes: state.uuid) else {
            doubt = doubt ?? .entryWithoutState
            return false
        }
        switch state.kind {
        case .add, .modify:
            if id != uuid { doubt = doubt ?? .otherIdentity }
            changed.insert(uuid)
            seen.insert(uuid)
            return true
        case .present:
            seen.insert(uuid)
            listsIDs = true
            return false
        case .delete:
            deleted.insert(uuid)
            return false
        }
    }

    mutating func take(_ info: SyncInfo) {
        guard case .idSet(_, let areDeleted, let uuids) = info else { return }
        hasSets = true
        if !areDeleted { listsIDs = true }
        for bytes in uuids {
            guard let uuid = ImmutableID(bytes: bytes) else { continue }
            if areDeleted {
                deleted.insert(uuid)
            } else {
                seen.insert(uuid)
            }
        }
    }

    // MARK: The end

    /// What the refresh came to, by its result.
    func end(code: Int32, _ done: SyncDone?) -> Outcome {
        switch code {
        case 0: break
        case SyncControls.refreshRequired: return .fullPullNeeded(.refusedCookie)
        case 53: return .fullPullNeeded(.newerThanServer)
        case 12: return .fullPullNeeded(.notSupported)
        default: return .failed(code: code)
        }
        if let doubt { return .fullPullNeeded(doubt) }
        guard let done else { return .fullPullNeeded(.resultWithoutState) }
        guard let next = done.cookie else { return withoutCookie(done) }
        guard let parsed = SyncCookie(next), sent.cookie.isContinued(by: parsed) else {
            return .fullPullNeeded(.startedAnew)
        }
        return .changes(change(mode(done), next))
    }

    /// Nothing new, by a server that gives no cookie then; with entries it cannot be told what they follow.
    private func withoutCookie(_ done: SyncDone) -> Outcome {
        guard changed.isEmpty, deleted.isEmpty, !listsIDs, !hasSets else {
            return .changes(change(mode(done), sent.bytes))
        }
        return .changes(change(.none, sent.bytes))
    }

    private func mode(_ done: SyncDone) -> Mode {
        if done.refreshDeletes { return changed.isEmpty && deleted.isEmpty ? .none : .delete }
        return .present
    }

    private func change(_ mode: Mode, _ cookie: [UInt8]) -> Change {
        Change(mode: mode, changed: changed, seen: seen, deleted: deleted, cookie: cookie)
    }
}

/// Why what a server said cannot be taken for the changes since the last time.
enum SyncDoubt: Error, Equatable {
    case unreadableCookie
    case refusedCookie
    case newerThanServer
    case notSupported
    case startedAnew
    case entryWithoutState
    case resultWithoutState
    case otherIdentity
    case partialValues
    case brokenMirror
    /// One sentence.
    case other(String)

    /// What is in doubt, for people.
    var text: String {
        switch self {
        case .unreadableCookie: "the position of the last run cannot be read"
        case .refusedCookie: "the server no longer knows the position of the last run"
        case .newerThanServer: "the position of the last run is newer than the server: it was restored, or is behind"
        case .notSupported: "the server does not tell changes any more"
        case .startedAnew: "the server did not understand the position of the last run and began anew"
        case .entryWithoutState: "the server sent an entry without saying what became of it"
        case .resultWithoutState: "the server did not say where its changes end"
        case .partialValues: "an entry came with only some of its values"
        case .brokenMirror: "the mirror of the last run cannot be read"
        case .other(let text): text
        case .otherIdentity: "the ids of entries are not those by which the server tells changes"
        }
    }
}

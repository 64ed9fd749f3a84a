import AccessModel
import DirectoryModel

/// An unmanaged user that gets its account back, and the managed user who has it; places in the roster.
struct AccountJoint {
    var unmanaged: Int
    var holder: Int
    /// Empty where the platform has no ids.
    var account: String
}

extension UndoWriting {
    /// Finds for each unmanaged user that comes back who became the user of the account; without one it stays as it is.
    mutating func pair(_ accounts: [KnownAccount]) {
        guard undos.contains(where: \.givesAccountBack) else { return }
        let known = Dictionary(accounts.map { ($0.user, $0.account) }, uniquingKeysWith: { first, _ in first })
        var byID: [ImmutableID: Int] = [:]
        var byEmail: [UInt64: [UserUndo]] = [:]
        for undo in undos where undo.now.managed && undo.now.status != .removed && undo.wanted.status == .removed {
            byEmail[undo.leftEmail.withUnsafeBufferPointer(EmailFold.hash), default: []].append(undo)
            guard let account = known[roster.users[undo.place].user],
                let id = ImmutableID.ofUnmanaged(account: account, target: settings.name)
            else { continue }
            byID[id] = undo.place
        }
        for index in undos.indices where undos[index].givesAccountBack {
            let (place, email) = (undos[index].place, undos[index].wanted.email)
            let sameEmail = byEmail[email.withUnsafeBufferPointer(EmailFold.hash)]?.first { other in
                email.withUnsafeBufferPointer { mine in
                    other.leftEmail.withUnsafeBufferPointer { EmailFold.same(mine, $0) }
                }
            }
            guard let holder = byID[roster.users[place].id] ?? sameEmail?.place else {
                cancel(index, "undo.account", "left as it is: the account is another user's by now")
                continue
            }
            joints.append(
                AccountJoint(unmanaged: place, holder: holder, account: known[roster.users[holder].user] ?? ""))
        }
    }

    /// An account comes back only from somebody who gives it up, and is given up only where it comes back.
    mutating func cancelHalves() -> Bool {
        if joints.isEmpty { return false }
        let indexes = Dictionary(undos.indices.map { (undos[$0].place, $0) }, uniquingKeysWith: { first, _ in first })
        for joint in joints {
            guard let unmanaged = indexes[joint.unmanaged], let holder = indexes[joint.holder],
                undos[unmanaged].changesAnything != undos[holder].changesAnything
            else { continue }
            let index = undos[unmanaged].changesAnything ? unmanaged : holder
            cancel(index, "undo.account", "left as it is: the account stays with the other user")
            return true
        }
        return false
    }

    /// That accounts taken over are only forgotten, or unmanaged again.
    mutating func tellOfImport() {
        guard act.isOfImport else { return }
        let back = Set(joints.map(\.holder))
        let removed = undos.filter { $0.now.status != .removed && $0.wanted.status == .removed }.map(\.place)
        let regained = removed.count { back.contains($0) }
        let forgotten = removed.count - regained
        if forgotten > 0 {
            let accounts = forgotten == 1 ? "1 account" : "\(forgotten) accounts"
            tell(
                "\(accounts) taken over by run \(act.run) \(forgotten == 1 ? "is" : "are") forgotten; "
                    + "the platform keeps \(forgotten == 1 ? "it" : "them") and is told nothing",
                hint: "import the right list before `rollcall continue`, or the next run invites these people anew")
        }
        if regained > 0 {
            let accounts = regained == 1 ? "1 account is" : "\(regained) accounts are"
            tell(
                "\(accounts) unmanaged again, as before run \(act.run); the platform is told nothing",
                hint: "say whose it is with `rollcall link` before `rollcall continue`")
        }
    }

    /// That invitations were sent, and somebody may follow theirs.
    mutating func tellOfInvitations() {
        guard !act.isOfImport else { return }
        let sent = undos.count { $0.now.status == .invited && $0.wanted.status == .removed }
        guard sent > 0 else { return }
        findings.append(
            Finding(
                code: "undo.final", weight: .note, person: nil,
                message: sent == 1
                    ? "the invitation that run \(act.run) sent cannot be called back"
                    : "the \(sent) invitations that run \(act.run) sent cannot be called back",
                hint: "tell the people that theirs leads nowhere"))
    }

    private mutating func tell(_ message: String, hint: String) {
        findings.append(Finding(code: "undo.import", weight: .note, person: nil, message: message, hint: hint))
    }
}

extension ImmutableID {
    /// The id of somebody of no directory who has an account: the same for the same account.
    static func ofUnmanaged(account: String, target: String) -> ImmutableID? {
        made(of: "\(target)\u{0}account \(account)")
    }
}

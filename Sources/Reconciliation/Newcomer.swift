import DirectoryModel
import MappingLanguage

/// Somebody of the mirror who may become a user by a grant.
package struct Newcomer: Sendable, Equatable {
    package var key: PersonKey
    package var email: [UInt8]
    package var name: [UInt8]

    package init(key: PersonKey, email: [UInt8], name: [UInt8]) {
        self.key = key
        self.email = email
        self.name = name
    }
}

extension Reconciler {
    /// Who of the mirror could be invited; the finding says why somebody cannot.
    ///
    /// Own causes count where the input has the rules evaluated: a run would suspend on the next night whom they hold for.
    package func newcomer(_ person: PersonKey, in input: ReconcileInput) -> (newcomer: Newcomer?, refusal: Finding?) {
        let mirror = input.mirror
        func refused(_ code: String, _ message: String, _ hint: String) -> (Newcomer?, Finding?) {
            (nil, ActRefusal(code, message, hint: hint).finding(person))
        }
        guard let place = mirror.person(person) else {
            return refused(
                "act.no-user", "no user of target \(settings.name), and not in the directory as it was last read",
                "people are known once `rollcall sync` has read them; `apply` does not ask the directory")
        }
        let row = mirror.people[Int(place)]
        guard row.state.isEnabled, row.problems.isEmpty else {
            return refused(
                "act.disabled", "not invited: the entry is disabled or cannot be read", "correct the entry first")
        }
        if let cause = ownCause(of: place, in: input) {
            return refused(
                "act.own-cause",
                "not invited: \(cause.beginning), and the next run would suspend them for it",
                "grant it when that is over, or change `suspend_when`")
        }
        let domains = settings.policy.emailDomains.map { Array($0.utf8) }
        return mirror.arena.withUnsafeBufferPointer { arena in
            let scan = PersonScan(arena: arena)
            let nobody = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
            guard case .other(let from, let count) = scan.email(row, current: nobody, domains: domains) else {
                return refused(
                    "act.no-email", "not invited: no email in a domain where invitations may go",
                    "correct the entry, or `email_domains`")
            }
            let name = scan.name(row).map { Array(scan.bytes($0.from, $0.count)) }
            return (Newcomer(key: person, email: Array(scan.bytes(from, count)), name: name ?? []), nil)
        }
    }

    /// The first own cause that holds for somebody of the mirror.
    private func ownCause(of place: PersonIndex, in input: ReconcileInput) -> CauseKind? {
        let names = settings.policy.ownCauses.map(\.name)
        return zip(names, input.evaluation.causes).first { $1.contains(place) }.map { .own($0.0) }
    }
}

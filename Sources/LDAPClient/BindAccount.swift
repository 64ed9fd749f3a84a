internal import Synchronization

/// Who we are to the servers of one directory, and what became of saying so: nothing is sent a second time that was refused once.
///
/// Servers lock an account after a few wrong passwords. All connections of a process that say the same to the same server, however often a
/// run starts over, bind by one account (`BindAccounts`): until a server has taken it they bind one after the other, and the first refusal is the answer to
/// all that follow. A bind that nobody answered may have been counted as a failure, so there are few of those, too.
package final class BindAccount: Sendable {
    package let method: BindMethod
    private let state = Mutex(State())

    /// How many binds may go unanswered before no more are sent.
    package static let maximumUnanswered = 3

    private struct State {
        var refusal: LDAPError?
        var unanswered = 0
        var isAccepted = false
    }

    package init(_ method: BindMethod) { self.method = method }

    /// Whether a server has taken these credentials.
    package var isAccepted: Bool { state.withLock { $0.isAccepted } }

    /// What a server said when it refused them; nil as long as none did.
    package var refusal: LDAPError? { state.withLock { $0.refusal } }

    /// Whether nothing more is sent although no server counted a failure: nobody answered, or Kerberos came to nothing on this machine.
    var isRefusedByNobody: Bool {
        switch refusal?.problem {
        case .bindUnanswered: true
        case .kerberos(let fault): !fault.isCounted
        default: false
        }
    }

    /// Sends a bind, unless it is known what would come of it.
    func attempt(_ send: () throws(LDAPError) -> Void) throws(LDAPError) {
        let isTrusted = try state.withLock { (state) throws(LDAPError) -> Bool in
            guard !state.isAccepted else {
                if let refusal = state.refusal { throw refusal }
                return true
            }
            try first(&state, send)
            return false
        }
        guard isTrusted else { return }
        do throws(LDAPError) { try send() } catch {
            if error.isRefusal { state.withLock { $0.refusal = error } }
            throw error
        }
    }

    /// A bind of credentials that no server has taken yet, while everybody else waits.
    private func first(_ state: inout State, _ send: () throws(LDAPError) -> Void) throws(LDAPError) {
        if let refusal = state.refusal { throw refusal }
        do throws(LDAPError) {
            try send()
            state.isAccepted = true
        } catch {
            switch error.problem {
            case .disconnected, .timedOut:
                state.unanswered += 1
                guard state.unanswered >= BindAccount.maximumUnanswered else { throw error }
                let last = LDAPError(.bindUnanswered(count: state.unanswered), server: error.server, code: error.code)
                state.refusal = last
                throw last
            default:
                if error.isRefusal { state.refusal = error }
                throw error
            }
        }
    }
}

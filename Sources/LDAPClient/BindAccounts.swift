internal import Synchronization

/// The accounts by which a process binds: whoever says the same of itself to the same server is one account, whatever directory, run or
/// follower asks for it.
///
/// So what a server refused once is not sent again by another directory, a later run or the follower, until refusals are forgotten or the
/// secret is another one.
package final class BindAccounts: Sendable {
    private let known = Mutex<[Known]>([])

    private struct Known {
        var account: BindAccount
        let proof: String
        var servers: Set<String>

        func says(_ method: BindMethod, _ proof: String) -> Bool {
            account.method.saysTheSame(as: method) && self.proof == proof
        }
    }

    package init() {}

    /// The account for a way to bind at these servers, of which each has one text.
    ///
    /// `proof` tells what stands in files that the method names only: another text, another account.
    package func account(_ method: BindMethod, proof: String = "", at servers: Set<String>) -> BindAccount {
        known.withLock { known in
            // Where nobody refused anything the next run asks again, and not often.
            known.removeAll { $0.account.isRefusedByNobody }
            let same = known.indices.filter {
                known[$0].says(method, proof) && !known[$0].servers.isDisjoint(with: servers)
            }
            guard let place = same.first(where: { known[$0].account.refusal != nil }) ?? same.first else {
                let account = BindAccount(method)
                known.append(Known(account: account, proof: proof, servers: servers))
                return account
            }
            known[place].servers.formUnion(servers)
            return known[place].account
        }
    }

    /// Lets what was refused be sent once more; whoever has such an account does not send it all the same.
    ///
    /// Secrets that nobody else holds are let go, such as those from before a rotation.
    package func forgetRefusals() {
        known.withLock { known in
            let kept = known.indices.filter {
                known[$0].account.refusal == nil && !isKnownUniquelyReferenced(&known[$0].account)
            }
            known = kept.map { known[$0] }
        }
    }
}

extension BindMethod {
    /// Whether a server hears the same of both, as far as they tell.
    fileprivate func saysTheSame(as other: BindMethod) -> Bool {
        switch (self, other) {
        case (.simple(let dn, let password), .simple(let otherDN, let otherPassword)):
            dn.utf8.elementsEqual(otherDN.utf8) && password.isSame(as: otherPassword)
        case (.gssapi(let credentials), .gssapi(let others)): credentials == others
        case (.external, .external), (.anonymous, .anonymous): true
        default: false
        }
    }
}

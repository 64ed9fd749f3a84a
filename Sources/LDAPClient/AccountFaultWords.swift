extension AccountFault {
    /// What is wrong, after "refused the bind:".
    var sentence: String {
        switch self {
        case .wrongPassword: "the password is wrong"
        case .unknownAccount: "there is no such account"
        case .locked: "the bind account is locked"
        case .disabled: "the bind account is disabled"
        case .expired: "the bind account has expired"
        case .passwordExpired: "the password of the bind account has expired"
        case .mustChangePassword: "the bind account must change its password first"
        case .notNow: "the bind account may not sign in at this time"
        case .notFromHere: "the bind account may not sign in from this machine"
        }
    }

    /// What to do about it.
    var remedy: String {
        switch self {
        case .wrongPassword: "check the password; it was sent once, because trying again may lock the account"
        case .unknownAccount: "check `bind.dn`"
        case .locked: "unlock the account, and find out who else uses its password"
        case .disabled: "enable the account"
        case .expired: "extend the account; for a service, without an end"
        case .passwordExpired: "set a new password, and exempt the account from expiry"
        case .mustChangePassword:
            "set a password that does not have to be changed (Active Directory: clear \"must change at next logon\")"
        case .notNow: "allow the account to sign in at any hour"
        case .notFromHere: "allow the account to sign in from this machine"
        }
    }
}

internal import DirectoryModel
internal import LDAPClient

extension FailureCause {
    /// What kind of thing an error of the client is.
    init(_ error: LDAPError) {
        switch error.problem {
        case .settings: self = .badSettings
        case .noServers: self = .noServices
        case .unreachable(let reason): self = FailureCause(unreachable: reason)
        case .tls(let fault): self = FailureCause(fault)
        case .oldTLS: self = .tlsNoCommonVersion
        case .startTLSRefused: self = .startTLSRefused
        case .timedOut(.connect): self = .connectionTimedOut
        case .timedOut(.bind), .bindUnanswered: self = .bindTimedOut
        case .timedOut: self = .timedOut
        case .disconnected: self = .disconnected
        case .bindFailed: self = FailureCause(bind: error.code)
        case .account(let fault): self = FailureCause(fault)
        case .kerberos: self = .kerberos
        case .identityUnknown, .failed: self = FailureCause(search: error.code)
        case .malformed: self = .malformed
        case .cancelled: self = .stopped
        }
    }

    private init(unreachable reason: String) {
        let words = reason.lowercased()
        if words.contains("resolve") || words.contains("host name") {
            self = .unknownName
        } else {
            self = words.contains("refused") || words.contains("no such file") ? .connectionRefused : .noRoute
        }
    }

    private init(_ fault: TLSFault) {
        self =
            switch fault {
            case .untrusted: .tlsUntrusted
            case .selfSigned: .tlsSelfSigned
            case .expired: .tlsExpired
            case .notYetValid: .tlsNotYetValid
            case .revoked, .staleRevocationList: .tlsRevoked
            case .weak: .tlsWeak
            case .wrongPurpose: .tlsWrongPurpose
            case .wrongHost, .noNames: .tlsWrongHost
            case .wrongKey: .tlsWrongKey
            case .closed: .tlsClosed
            case .notTLS: .tlsNotSpoken
            case .noCommonVersion: .tlsNoCommonVersion
            case .clientCertificate: .tlsClientCertificate
            case .other: .tlsOther
            }
    }

    private init(_ fault: AccountFault) {
        self =
            switch fault {
            case .wrongPassword: .wrongPassword
            case .unknownAccount: .unknownAccount
            case .passwordExpired, .mustChangePassword: .passwordExpired
            case .locked, .disabled, .expired, .notNow, .notFromHere: .accountClosed
            }
    }

    /// Result codes of a bind (RFC 4511 §4.1.9).
    private init(bind code: Int32) {
        self =
            switch code {
            case 49: .wrongCredentials
            case 8, 13: .wantsTLS
            case 7, 48: .methodRefused
            case 51, 52: .busy
            default: .bindRefused
            }
    }

    private init(search code: Int32) {
        self =
            switch code {
            case 3, 4, 11: .limited
            case 50: .noAccess
            case 32: .noEntry
            case 10: .referral
            case 51, 52: .busy
            default: .other
            }
    }

    /// What a pull that was not complete is, as far as its kind tells.
    init(_ failure: PullFailure) {
        self =
            switch failure.kind {
            case .unreachable: .disconnected
            case .refused: .bindRefused
            case .incomplete, .badData: .incomplete
            case .missingFile, .badConfiguration: .badSettings
            }
    }
}

/// Why a step cannot go on.
struct StepStop: Error {
    var cause: FailureCause
    var failure: PullFailure
    /// What else is known, where the failure is not all.
    var facts: StepFacts?
    /// What is wrong in words of its own; nil for the failure itself.
    var ailment: Ailment?
}

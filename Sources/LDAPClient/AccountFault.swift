internal import CLDAP

/// Why a server does not let the bind account in, where it says so.
package enum AccountFault: Sendable, Equatable {
    case wrongPassword
    case unknownAccount
    case locked
    case disabled
    case expired
    case passwordExpired
    case mustChangePassword
    /// Sign-in is allowed at other times only.
    case notNow
    /// Sign-in is allowed from other machines only.
    case notFromHere

    /// Control of draft-behera-ldap-password-policy, sent without a value to be told more.
    static let policyControl = "1.3.6.1.4.1.42.2.27.8.5.1"
    /// Controls of 389 Directory Server: the password has expired, or will.
    static let expiredControl = "2.16.840.1.113730.3.4.4"
    static let expiringControl = "2.16.840.1.113730.3.4.5"

    /// Reads the cause from what came with the answer to a bind; nil when it tells none.
    package init?(code: Int32, text: String, controls: [ResponseControl]) {
        // The words of 389 Directory Server tell a disabled account from a locked one, which its control does not.
        if code != LDAP_SUCCESS, let fault = AccountFault(words: text) {
            self = fault
            return
        }
        if let fault = AccountFault(policy: PasswordPolicyAnswer(controls)) {
            self = fault
            return
        }
        if controls.contains(where: { $0.oid == AccountFault.expiredControl }) {
            self = code == LDAP_SUCCESS ? .mustChangePassword : .passwordExpired
            return
        }
        guard code == LDAP_INVALID_CREDENTIALS, let fault = AccountFault(activeDirectory: text) else { return nil }
        self = fault
    }

    private init?(policy: PasswordPolicyAnswer?) {
        switch policy?.error {
        case 0: self = .passwordExpired
        case 1: self = .locked
        case 2: self = .mustChangePassword
        default: return nil
        }
    }

    /// `… AcceptSecurityContext error, data 52e, v1db1`: the number is a Windows error in hexadecimal.
    private init?(activeDirectory text: String) {
        guard let range = text.utf8Range(of: "data ") else { return nil }
        let digits = text.utf8[range.upperBound...].prefix { byte in
            (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte | 0x20)
        }
        switch UInt32(String(decoding: digits, as: UTF8.self), radix: 16) {
        case 0x525: self = .unknownAccount
        case 0x52e: self = .wrongPassword
        case 0x530: self = .notNow
        case 0x531: self = .notFromHere
        case 0x532: self = .passwordExpired
        case 0x533: self = .disabled
        case 0x701: self = .expired
        case 0x773: self = .mustChangePassword
        case 0x775: self = .locked
        default: return nil
        }
    }

    /// 389 Directory Server and FreeIPA say it in words only.
    private init?(words: String) {
        let lower = words.lowercased()
        let known: [(String, AccountFault)] = [
            ("exceed password retry limit", .locked), ("too many failed logins", .locked), ("account locked", .locked),
            ("account inactivated", .disabled), ("account is disabled", .disabled), ("account disabled", .disabled),
            ("password expired", .passwordExpired), ("password is expired", .passwordExpired),
            ("account has expired", .expired), ("principal expired", .expired), ("account expired", .expired),
        ]
        guard let found = known.first(where: { lower.utf8Range(of: $0.0) != nil }) else { return nil }
        self = found.1
    }
}

/// `PasswordPolicyResponseValue` of draft-behera-ldap-password-policy §6.2.
struct PasswordPolicyAnswer: Equatable {
    var secondsLeft: Int?
    var graceLeft: Int?
    var error: Int?

    /// nil when there is no such control, or it cannot be read.
    init?(_ controls: [ResponseControl]) {
        guard let value = controls.value(of: AccountFault.policyControl) else { return nil }
        let read = value.withUnsafeBytes { bytes -> PasswordPolicyAnswer? in
            do throws(BERFault) { return try PasswordPolicyAnswer(reading: bytes) } catch { return nil }
        }
        guard let read else { return nil }
        self = read
    }

    private init(reading bytes: UnsafeRawBufferPointer) throws(BERFault) {
        var outer = BERCursor(bytes)
        var answer = BERCursor(try outer.next(0x30))
        if let warning = try answer.nextIf(0xa0) {
            var choice = BERCursor(warning)
            if choice.nextTag == 0x80 {
                secondsLeft = try choice.integer(0x80)
            } else {
                graceLeft = try choice.integer(0x81)
            }
        }
        if answer.nextTag == 0x81 { error = try answer.integer(0x81) }
    }
}

/// What a server that let us in had to say about the password.
package enum BindNotice: Sendable, Equatable {
    case passwordExpires(seconds: Int)
    /// So many more binds, although the password has expired.
    case graceLogins(Int)

    init?(_ controls: [ResponseControl]) {
        if let answer = PasswordPolicyAnswer(controls) {
            if let left = answer.graceLeft {
                self = .graceLogins(left)
                return
            }
            if let left = answer.secondsLeft {
                self = .passwordExpires(seconds: left)
                return
            }
        }
        guard let value = controls.value(of: AccountFault.expiringControl),
            let text = String(validating: value, as: UTF8.self), let seconds = Int(text)
        else { return nil }
        self = .passwordExpires(seconds: seconds)
    }
}

extension String {
    /// Where a text stands in this one, byte by byte; nil when it does not.
    func utf8Range(of wanted: String) -> Range<String.Index>? {
        var start = utf8.startIndex
        while start < utf8.endIndex {
            if utf8[start...].starts(with: wanted.utf8) {
                return start..<utf8.index(start, offsetBy: wanted.utf8.count)
            }
            start = utf8.index(after: start)
        }
        return nil
    }
}

import DirectoryModel

extension FailureCause {
    /// What is most often behind it, the most frequent first.
    var likely: [String] {
        switch self {
        case .badSettings: []
        case .unknownName:
            [
                "the host name is misspelled", "this machine asks name servers that do not know the name",
                "the name server does not answer (see /etc/resolv.conf)",
            ]
        case .noServices:
            [
                "the domain is misspelled", "this machine asks name servers that do not know the domain",
                "the domain has no SRV records: name the servers themselves",
            ]
        case .connectionRefused:
            [
                "the directory server is not running", "it listens on another port or address",
                "a firewall refuses the connection",
            ]
        case .noRoute: ["a firewall is in between", "the network or a VPN is down", "the address is out of date"]
        case .connectionTimedOut:
            [
                "a firewall drops the connection without a word", "the server is down or overloaded",
                "the port belongs to something that is not a directory server",
            ]
        case .tlsUntrusted:
            [
                "`tls.ca_file` does not hold the authority of your organization",
                "the server does not send the certificates between its own and the authority",
                "somebody is between this machine and the server",
            ]
        case .tlsSelfSigned:
            [
                "the server was never given a certificate of an authority",
                "somebody is between this machine and the server",
            ]
        case .tlsExpired: ["nobody renewed the certificate", "the clock of this machine is wrong"]
        case .tlsNotYetValid: ["the clock of this machine is wrong", "the certificate was made to begin later"]
        case .tlsWrongHost:
            [
                "the URL has an alias or an address where the certificate has the full host name",
                "the name leads to another server", "somebody is between this machine and the server",
            ]
        case .tlsWrongKey: ["the server has a new key", "somebody is between this machine and the server"]
        case .tlsRevoked: ["the authority took the certificate back", "the list in `tls.crl_file` is old"]
        case .tlsWeak: ["the certificate is from long ago: a short key, or signed by way of SHA-1"]
        case .tlsWrongPurpose: ["the server was given the certificate of a client or of a person"]
        case .tlsClosed:
            [
                "the port does not speak TLS from the first byte", "the server has no certificate and hangs up",
                "the server demands a certificate of ours",
            ]
        case .tlsNotSpoken: ["the port is the one without TLS", "something else than a directory server listens there"]
        case .tlsNoCommonVersion: ["the server is too old for TLS 1.2", "an administrator allows few ciphers"]
        case .tlsClientCertificate:
            ["the server demands a certificate of ours", "it does not trust the authority that signed ours"]
        case .tlsTimedOut:
            [
                "the port is the one without TLS", "something else than a directory server listens there",
                "the server is overloaded",
            ]
        case .startTLSRefused: ["the server has no certificate", "StartTLS is switched off there"]
        case .tlsOther: ["the server's log tells more"]
        case .wrongPassword: ["the password was changed", "the file holds another password, or more than the password"]
        case .unknownAccount: ["the DN is misspelled", "the account was deleted, moved or renamed"]
        case .wrongCredentials:
            [
                "the password is wrong or was changed", "the DN is misspelled, or the account was moved",
                "the account is locked: some servers say no more than this",
            ]
        case .accountClosed: ["somebody else tries the account with an old password", "an administrator closed it"]
        case .passwordExpired: ["the password policy holds for service accounts too"]
        case .wantsTLS: ["the server takes no password without TLS"]
        case .methodRefused: ["the server does not offer this way to sign in", "the account has no password"]
        case .kerberos:
            ["the keytab or the ticket is not the account's", "the URL does not have the server's full host name"]
        case .bindTimedOut: ["the server is overloaded", "it cannot reach what it checks passwords with"]
        case .bindRefused: ["the server's log tells why"]
        case .disconnected:
            [
                "the server, or something in between, ended the connection", "the server was restarted",
                "the server demands a certificate of ours",
            ]
        case .timedOut:
            ["the server is overloaded", "the filter has no index there", "something in between drops data"]
        case .malformed:
            ["something else than a directory server listens there", "something in between alters what it sends"]
        case .limited: ["the server limits what the bind account may read at once"]
        case .noAccess: ["the bind account lacks the right"]
        case .noEntry: ["the name is misspelled", "the bind account may not see the entry"]
        case .referral: ["that part of the directory is on another server"]
        case .busy: ["the server is overloaded, or being restarted"]
        case .incomplete: []
        case .stopped, .other: []
        }
    }
}

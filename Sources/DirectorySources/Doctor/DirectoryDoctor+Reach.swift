internal import DirectoryModel
internal import LDAPClient

/// From a name to a bound connection.
extension DirectoryDoctor {
    func findNames() throws(StepStop) -> NameFacts {
        var facts = NameFacts(domain: request.domain)
        for url in try namedServers() {
            do throws(LDAPError) {
                let addresses = try ServerReach(url, request.connection).addresses()
                facts.hosts.append(NameFacts.Host(server: url.description, addresses: addresses))
                servers.append(url)
            } catch { facts.faults.append(fault(url, error)) }
        }
        if servers.isEmpty, let first = facts.faults.first {
            throw StepStop(cause: first.cause, failure: first.failure, facts: .name(facts))
        }
        return facts
    }

    private func namedServers() throws(StepStop) -> [LDAPURL] {
        guard request.urls.isEmpty, let domain = request.domain else { return request.urls }
        let lookup = request.lookup ?? ServiceLookup(timeout: request.connection.timeouts.connect)
        let mode = request.connection.tls.mode
        return try attempt { () throws(LDAPError) in try lookup.servers(of: domain, mode: mode) }
    }

    func connectToAll() throws(StepStop) -> ConnectionFacts {
        var facts = ConnectionFacts()
        var reached: [LDAPURL] = []
        for url in servers {
            let attempts = ServerReach(url, request.connection).attempts()
            facts.attempts += attempts.map { attempt in
                ConnectionFacts.Attempt(
                    server: url.description, address: attempt.address, milliseconds: attempt.milliseconds,
                    reason: attempt.failure.map(DirectoryDoctor.reason))
            }
            if attempts.contains(where: { $0.failure == nil }) {
                reached.append(url)
            } else if let last = attempts.last?.failure {
                facts.faults.append(fault(url, last))
            } else {
                let gone = LDAPError(
                    .unreachable(reason: "the host name cannot be resolved"), server: url.description)
                facts.faults.append(fault(url, gone))
            }
        }
        servers = reached
        if reached.isEmpty, let first = facts.faults.first {
            throw StepStop(cause: first.cause, failure: first.failure, facts: .connection(facts))
        }
        return facts
    }

    private static func reason(_ error: LDAPError) -> String {
        if case .unreachable(let reason) = error.problem { return reason }
        return "no answer in time"
    }

    func shakeHands() throws(StepStop) -> TLSFacts {
        let tls = request.connection.tls
        var facts = TLSFacts(
            mode: request.tlsMode, caFile: tls.caFile ?? "", isPinned: tls.pinSHA256 != nil)
        for url in servers {
            do throws(LDAPError) {
                let made = try LDAPConnection(to: url, settings: request.connection, deadline: deadline)
                if let certificate = made.serverCertificate {
                    facts.certificates.append(.init(url, certificate, version: made.tlsVersion))
                }
                if connection == nil {
                    connection = made
                    server = url
                }
            } catch {
                if let certificate = error.certificate {
                    facts.certificates.append(.init(url, certificate, version: nil))
                }
                var fault = fault(url, error)
                if fault.cause == .connectionTimedOut { fault.cause = .tlsTimedOut }
                facts.faults.append(fault)
            }
        }
        if connection == nil, let first = facts.faults.first {
            throw StepStop(cause: first.cause, failure: first.failure, facts: .tls(facts))
        }
        return facts
    }

    func bind() throws(StepStop) -> BindFacts {
        if let failure = request.bindFailure { throw StepStop(cause: .badSettings, failure: failure) }
        guard let connection else { throw stop(LDAPError(.disconnected, server: request.name)) }
        let account = request.account
        try attempt { () throws(LDAPError) in try connection.bind(account) }
        var facts = BindFacts(server: connection.server.description, account: request.bind)
        switch connection.notice {
        case .passwordExpires(let seconds): facts.notice = .passwordExpires(seconds: seconds)
        case .graceLogins(let count): facts.notice = .graceLogins(count)
        case nil: break
        }
        return facts
    }

    func askIdentity() throws(StepStop) -> IdentityFacts {
        note(.whoAmI)
        let connection = try connected()
        let identity = try attempt { () throws(LDAPError) in try connection.whoAmI() }
        self.identity = identity ?? ""
        return IdentityFacts(identity: identity, asked: request.bind)
    }

    private func fault(_ url: LDAPURL, _ error: LDAPError) -> ServerFault {
        let stop = stop(error)
        return ServerFault(
            server: url.description, cause: stop.cause, failure: stop.failure,
            stopsRun: connection == nil && !error.leadsToNextServer)
    }
}

extension TLSFacts.Certificate {
    init(_ server: LDAPURL, _ certificate: ServerCertificate, version: String?) {
        self.init(
            server: server.description, version: version, subject: certificate.subject, issuer: certificate.issuer,
            names: certificate.names + certificate.addresses, notBefore: certificate.notBefore,
            notAfter: certificate.notAfter, publicKey: certificate.publicKey)
    }
}

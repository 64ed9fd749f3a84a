internal import DirectoryModel
internal import LDAPClient

extension LDAPSource {
    /// Connects to the first server that is up and takes the bind; none is asked twice.
    ///
    /// A server that cannot be reached, hangs, or is busy leads to the next. A wrong certificate and refused credentials do not: the one
    /// may be somebody in between, and the other would lock the account. Whatever happens, every server that was tried is named.
    /// One that broke off in the middle of an earlier attempt comes last.
    func open(_ urls: [LDAPURL]) throws(PullFailure) -> LDAPConnection {
        let end = deadline ?? ContinuousClock.now.advanced(by: settings.connection.timeouts.pull)
        deadline = end
        var passed: [LDAPError] = []
        let servers = urls.isEmpty ? try lookUp() : urls
        for url in servers.filter({ !unsteady.contains($0) }) + servers.filter(unsteady.contains) {
            do throws(LDAPError) {
                let opened = try LDAPConnection(to: url, settings: settings.connection, deadline: end)
                try opened.bind(settings.account)
                connection = opened
                server = url
                detected = nil
                return opened
            } catch {
                guard error.leadsToNextServer else { throw failure(error, after: passed) }
                passed.append(error)
            }
        }
        guard let last = passed.popLast() else {
            throw settings.source.failure(.unreachable, "no server is configured", "name at least one under `urls`")
        }
        throw failure(last, after: passed)
    }

    /// The servers of the domain, in the order of its SRV records.
    private func lookUp() throws(PullFailure) -> [LDAPURL] {
        guard let domain = settings.domain else { return [] }
        let lookup = settings.lookup ?? ServiceLookup(timeout: settings.connection.timeouts.connect)
        do throws(LDAPError) {
            return try lookup.servers(of: domain, mode: settings.connection.tls.mode)
        } catch { throw settings.source.failure(error) }
    }

    /// The failure of the last server that was tried, with those of the servers before it.
    private func failure(_ last: LDAPError, after passed: [LDAPError]) -> PullFailure {
        let one = settings.source.failure(last)
        guard !passed.isEmpty else { return one }
        let message = (passed + [last]).map(\.message).joined(separator: "; ")
        var all = settings.source.failure(one.kind, message, one.hint)
        all.isTransient = one.isTransient || last.leadsToNextServer && passed.contains(where: \.isTransient)
        return all
    }
}

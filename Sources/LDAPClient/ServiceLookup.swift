internal import CLDAP

/// Finds the servers of a domain by DNS.
///
/// DNS is not believed further than it has to be: whoever forges an answer could name a host of their own, with a certificate that
/// every authority would sign. So only hosts inside the domain are taken, and their certificates have to name them.
package struct ServiceLookup: Sendable {
    package var timeout: Duration
    /// A name server on this port of the loopback address instead of those of the system, for tests; 0 for the system's.
    package var loopbackPort: UInt16

    package init(timeout: Duration, loopbackPort: UInt16 = 0) {
        self.timeout = timeout
        self.loopbackPort = loopbackPort
    }

    /// The servers in the order to try them: by `_ldaps._tcp` for TLS from the start, or else by `_ldap._tcp`.
    ///
    /// Where a domain has no `_ldaps._tcp`, as those of Active Directory have none, the hosts of `_ldap._tcp` are taken with port 636.
    package func servers(of domain: String, mode: TLSSettings.Mode) throws(LDAPError) -> [LDAPURL] {
        var name = mode == .ldaps ? "_ldaps._tcp" : "_ldap._tcp"
        var records = try ask(name, domain)
        var port: UInt16?
        if mode == .ldaps, records.isEmpty {
            name = "_ldap._tcp"
            port = 636
            records = try ask(name, domain)
        }
        guard !records.isEmpty else { throw failure(domain, "there are no SRV records `\(name).\(domain)`") }
        let offered = records.filter { !$0.host.isEmpty }
        guard !offered.isEmpty else { throw failure(domain, "the domain says that it offers no such service") }
        let inside = offered.filter { ServiceLookup.isInside($0.host, domain) }
        guard let stranger = offered.first(where: { !ServiceLookup.isInside($0.host, domain) }) else {
            let scheme = mode == .ldaps ? "ldaps" : "ldap"
            return ServiceRecord.ordered(inside).compactMap { LDAPURL("\(scheme)://\($0.host):\(port ?? $0.port)") }
        }
        throw failure(
            domain, "`\(name).\(domain)` names `\(stranger.host)`, which is outside the domain",
            hint: "name the servers under `urls`: a forged answer could name any host")
    }

    private func ask(_ name: String, _ domain: String) throws(LDAPError) -> [ServiceRecord] {
        let full = name + "." + domain
        let port = loopbackPort
        let reply = TimedCall.run(within: timeout) { () -> [UInt8]? in
            var answer = [UInt8](repeating: 0, count: 65_535)
            let length = cldap_services(full, port, &answer, Int32(answer.count))
            return length < 0 ? nil : Array(answer.prefix(Int(length)))
        }
        guard let reply else { throw failure(domain, "no name server answered for `\(full)` in time") }
        guard let answer = reply else { throw failure(domain, "no name server could answer for `\(full)`") }
        if answer.isEmpty { return [] }
        guard let records = ServiceRecord.records(in: answer) else {
            throw failure(domain, "the answer for `\(full)` cannot be read")
        }
        return records
    }

    private func failure(_ domain: String, _ reason: String, hint: String? = nil) -> LDAPError {
        LDAPError(
            .noServers(
                reason: reason,
                hint: hint
                    ?? "check the domain under `srv` and this machine's name servers, or name servers under `urls`"),
            server: domain)
    }

    private static func isInside(_ host: String, _ domain: String) -> Bool {
        let domain = Array(domain.lowercased().utf8)
        return host.utf8.elementsEqual(domain)
            || host.utf8.suffix(domain.count + 1).elementsEqual([UInt8(ascii: ".")] + domain)
    }
}

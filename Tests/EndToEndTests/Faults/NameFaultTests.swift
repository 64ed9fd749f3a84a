import Foundation
import TestSupport
import Testing

/// Names that lead to dead addresses, elsewhere in the middle, or nowhere, through the program: it has a list of hosts of its own.
struct NameFaultTests {
    /// What `localhost`, the only name that may be asked in clear, leads to.
    private struct HostList {
        let path: String
        var names = "localhost"

        init(in folder: TemporaryDirectory, _ addresses: [String], names: String = "localhost") throws {
            path = try folder.write("", to: "hosts")
            self.names = names
            try set(addresses)
        }

        /// Changes the file in its place, as it is mounted.
        func set(_ addresses: [String]) throws {
            try addresses.map { "\($0) \(names)\n" }.joined()
                .write(toFile: path, atomically: false, encoding: .utf8)
        }

        var launcher: [String] {
            [
                "/usr/bin/unshare", "--map-root-user", "--mount", "/bin/sh", "-c",
                "mount --bind \"$0\" /etc/hosts && exec \"$@\"", path,
            ]
        }
    }

    private static let company = Company.firstNight(40)
    private static let server = Result { try SlapdFixture(ldif: company) }

    /// A site whose second night goes by a name.
    private func site(_ port: UInt16) throws -> (Site, SavedState) {
        let server = try NameFaultTests.server.get()
        var site = try Site(server: Site.plain(server.url))
        let before = try site.prepare()
        try site.replace(server.url, with: "ldap://localhost:\(port)")
        site.hour = 24
        return (site, before)
    }

    private func night(_ site: Site, _ hosts: HostList) throws -> (Child.Ended, seconds: Double) {
        let start = ContinuousClock.now
        let ended = try site.run(["sync", "--yes"], through: hosts.launcher)
        return (ended, (ContinuousClock.now - start) / .seconds(1))
    }

    @Test(
        arguments: [
            ["127.0.0.1"], ["127.0.0.9", "127.0.0.1"], ["127.0.0.1", "::1"], ["::1", "127.0.0.1", "127.0.0.9"],
        ])
    func anAddressThatAnswersIsFound(addresses: [String]) throws {
        let (site, before) = try site(try NameFaultTests.server.get().port)
        let (ended, _) = try night(site, try HostList(in: site.folder, addresses))
        #expect(ended.status == 0, "\(ended.message)")
        #expect(try site.saved().people == before.people)
    }

    @Test(
        arguments: [(["127.0.0.7", "127.0.0.8", "127.0.0.9"], "refused"), ([], "cannot be resolved")])
    func whereNobodyAnswersNothingIsWritten(addresses: [String], words: String) throws {
        let (site, before) = try site(try NameFaultTests.server.get().port)
        let (ended, seconds) = try night(site, try HostList(in: site.folder, addresses))
        #expect(ended.status == 69, "\(ended.message)")
        #expect(ended.message.contains(words) && ended.message.contains("\nhint: "), "\(ended.message)")
        #expect(seconds < 20, "took \(seconds) s")
        #expect(try site.saved() == before)
    }

    /// `*.example.org` is `ldap.example.org`, and nothing with one more label.
    @Test(arguments: [("ldap.example.org", 0), ("a.b.example.org", 69)])
    func aWildcardStandsForOneLabelOnly(name: String, status: Int32) throws {
        let server = try SlapdFixture(ldif: NameFaultTests.company, options: .init(certificate: .wildcard))
        let authority = try TestCertificates.shared.get().authorityFile
        let site = try Site(server: Site.encrypted("ldaps://\(name):\(server.tlsPort)", authority: authority))
        let (ended, _) = try night(site, try HostList(in: site.folder, ["127.0.0.1"], names: name))
        #expect(ended.status == status, "\(ended.message)")
        if status != 0 { #expect(ended.message.contains("`*.example.org`"), "\(ended.message)") }
    }

    /// The server breaks off, and the name leads to another by then, whose people are others: all of them are read, or the name is told to be lost.
    @Test(arguments: [["127.0.0.2"], [], ["127.0.0.9"]])
    func aNameThatMovesMidwayMixesNothing(later: [String]) throws {
        let target = try NameFaultTests.server.get().port
        let folder = try TemporaryDirectory()
        let hosts = try HostList(in: folder, ["127.0.0.1"])
        let near = try LDAPProxy(
            to: target,
            .at(.entry(9, under: "ou=people"), .perform { try? hosts.set(later) }, .close))
        let other = try SlapdFixture(
            ldif: NameFaultTests.company + SampleCompany.person("elsewhere", number: 9_999))
        let far = try LDAPProxy(to: other.port, own: ("127.0.0.2", near.port), [])
        let (site, before) = try site(near.port)
        let (ended, _) = try night(site, hosts)
        #expect(near.connections == 1)
        if later == ["127.0.0.2"] {
            #expect(ended.status == 0, "\(ended.message)")
            #expect(far.connections == 1)
            #expect(try site.saved().people == before.people)
            let groups = try site.run(["explain", "elsewhere"])
            #expect(groups.status == 0, "\(groups.message)")
        } else {
            #expect(ended.status == 69, "\(ended.message)")
            #expect(far.connections == 0)
            #expect(ended.message.contains(later.isEmpty ? "cannot be resolved" : "refused"), "\(ended.message)")
            #expect(try site.saved() == before)
        }
    }
}

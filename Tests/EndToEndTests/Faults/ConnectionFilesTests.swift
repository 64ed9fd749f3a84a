import Foundation
import Glibc
import TestSupport
import Testing

/// Files that a connection needs and that cannot be used: told with the place of the setting, before anybody is asked.
struct ConnectionFilesTests {
    struct Fault: Sendable, CustomTestStringConvertible {
        var name: String
        var status: Int32
        var says: [String]
        var change: @Sendable (Site) throws -> Void

        var testDescription: String { name }
    }

    private static func put(_ text: String, at name: String, mode: mode_t = 0o600) -> @Sendable (Site) throws -> Void {
        { site in
            try site.write(Array(text.utf8), to: name)
            chmod(site.folder.path(name), mode)
        }
    }

    private static func erase(_ name: String) -> @Sendable (Site) throws -> Void {
        { site in try FileManager.default.removeItem(atPath: site.folder.path(name)) }
    }

    private static func folder(_ name: String) -> @Sendable (Site) throws -> Void {
        { site in
            try erase(name)(site)
            try FileManager.default.createDirectory(
                atPath: site.folder.path(name), withIntermediateDirectories: false)
        }
    }

    private static func loop(_ name: String) -> @Sendable (Site) throws -> Void {
        { site in
            try erase(name)(site)
            try FileManager.default.createSymbolicLink(atPath: site.folder.path(name), withDestinationPath: name)
        }
    }

    static let faults: [Fault] = [
        Fault(name: "no CA file", status: 66, says: ["rollcall.yaml:9:", "`ca_file`"], change: erase("ca.pem")),
        Fault(
            name: "CA file is a folder", status: 78, says: ["rollcall.yaml:9:", "`ca_file`", "is a directory"],
            change: folder("ca.pem")),
        Fault(
            name: "CA file cannot be read", status: 78, says: ["rollcall.yaml:9:", "`ca_file`"], change: loop("ca.pem")),
        Fault(
            name: "CA file is no PEM", status: 78, says: ["rollcall.yaml:9:", "`ca_file`", "no certificate"],
            change: put("0\u{82}", at: "ca.pem")),
        Fault(
            name: "no client certificate", status: 66, says: ["rollcall.yaml:10:", "`certificate_file`"],
            change: erase("client.pem")),
        Fault(
            name: "client certificate is a key", status: 78,
            says: ["rollcall.yaml:10:", "`certificate_file`", "no certificate"],
            change: { site in
                try erase("client.pem")(site)
                try FileManager.default.copyItem(
                    atPath: site.folder.path("client.key"), toPath: site.folder.path("client.pem"))
            }),
        Fault(
            name: "no client key", status: 66, says: ["rollcall.yaml:11:", "`key_file`"], change: erase("client.key")),
        Fault(
            name: "client key is a certificate", status: 78,
            says: ["rollcall.yaml:11:", "`key_file`", "no private key"],
            change: { site in
                try erase("client.key")(site)
                try FileManager.default.copyItem(
                    atPath: site.folder.path("client.pem"), toPath: site.folder.path("client.key"))
                chmod(site.folder.path("client.key"), 0o600)
            }),
        Fault(
            name: "client key open to others", status: 78,
            says: ["rollcall.yaml:11:", "`key_file`", "open to others (mode 0644)", "chmod 0600"],
            change: { site in chmod(site.folder.path("client.key"), 0o644) }),
        Fault(
            name: "no password file", status: 66, says: ["rollcall.yaml:7:", "`password_file`"],
            change: erase("bind.password")),
        Fault(
            name: "password file open to others", status: 78,
            says: ["rollcall.yaml:7:", "open to others (mode 0644)", "chmod 0600"],
            change: { site in chmod(site.folder.path("bind.password"), 0o644) }),
        Fault(
            name: "password file empty", status: 78, says: ["rollcall.yaml:7:", "is empty"],
            change: put("\n", at: "bind.password")),
        Fault(
            name: "password file is a folder", status: 78, says: ["rollcall.yaml:7:", "not a regular file"],
            change: folder("bind.password")),
        Fault(
            name: "password command is not there", status: 66, says: ["rollcall.yaml:7:", "`password_command`"],
            change: { site in
                try site.replace("password_file: bind.password", with: "password_command: [/nowhere/pass, show]")
            }),
    ]

    /// Nothing listens where the configuration points to: whoever asked anyway would end with 69.
    private func site() throws -> Site {
        let certificates = try TestCertificates.shared.get()
        let site = try Site(
            server: """
                urls: [ldaps://127.0.0.1:1]
                    bind: {method: simple, dn: "cn=x", password_file: bind.password}
                    tls:
                      ca_file: ca.pem
                      certificate_file: client.pem
                      key_file: client.key
                """)
        for (name, source) in [
            ("ca.pem", certificates.authorityFile), ("client.pem", certificates.certificate("client")),
            ("client.key", certificates.key("client")),
        ] {
            try FileManager.default.copyItem(atPath: source, toPath: site.folder.path(name))
            chmod(site.folder.path(name), 0o600)
        }
        return site
    }

    @Test(arguments: faults)
    func isAnErrorOfTheConfiguration(_ fault: Fault) throws {
        let site = try site()
        try fault.change(site)
        for command in [["check"], ["plan"], ["sync", "--yes"]] {
            let ended = try site.run(command)
            #expect(ended.status == fault.status, "\(command): \(ended.text)\(ended.message)")
            for words in fault.says + ["hint: "] {
                #expect((ended.text + ended.message).contains(words), "\(command): \(ended.text)\(ended.message)")
            }
        }
    }

    @Test func goodFilesPass() throws {
        let site = try site()
        let check = try site.run(["check"])
        #expect(check.status == 0, "\(check.text)")
        #expect(try site.run(["plan"]).status == 69)
    }

    /// What needs no directory needs no password and no certificate: not the tests of a mapping, and not a look at the roster.
    @Test func whatAsksNoDirectoryDoesWithout() throws {
        let site = try site()
        for name in ["ca.pem", "client.pem", "client.key", "bind.password"] {
            try ConnectionFilesTests.erase(name)(site)
        }
        #expect(try site.run(["test"]).status == 0)
        #expect(try site.run(["config"]).status == 0)
    }
}

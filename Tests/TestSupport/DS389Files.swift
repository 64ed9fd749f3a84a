import Foundation
import Glibc

/// The files of one 389 Directory Server, copied from the template and set up for a test.
struct DS389Files {
    let directory: URL
    /// The folder with dse.ldif, the keys and the schema.
    let configuration: URL

    init(template: ServerTemplate, directory: URL, instance: String, ports: (UInt16, UInt16)) throws {
        self.directory = directory
        try template.copy(to: directory)
        let files = FileManager.default
        for folder in ["etc/dirsrv", "var/lib/dirsrv", "var/log/dirsrv", "run/lock/dirsrv"] {
            let from = directory.appendingPathComponent("\(folder)/slapd-template")
            let to = directory.appendingPathComponent("\(folder)/slapd-\(instance)")
            if files.fileExists(atPath: from.path) { try files.moveItem(at: from, to: to) }
        }
        configuration = directory.appendingPathComponent("etc/dirsrv/slapd-\(instance)")
        let madeAt = try template.madeAt
        let settings = try String(contentsOf: directory.appendingPathComponent("dse.ldif"), encoding: .utf8)
            // Long lines are folded, in the middle of names.
            .replacing("\n ", with: "")
            .replacing(madeAt, with: directory.path)
            .replacing("slapd-template", with: "slapd-\(instance)")
        try write(DS389Files.settings(settings, ports: ports), to: "dse.ldif")
    }

    /// Listens on loopback only, with TLS; caches of a size for tests instead of a share of the machine's memory.
    private static func settings(_ text: String, ports: (UInt16, UInt16)) -> String {
        var lines: [String] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let name = line.prefix { $0 != ":" }
            switch name.lowercased() {
            case "nsslapd-port":
                lines += [
                    "nsslapd-port: \(ports.0)", "nsslapd-listenhost: 127.0.0.1",
                    "nsslapd-securelistenhost: 127.0.0.1", "nsslapd-security: on",
                ]
            case "nsslapd-secureport": lines.append("nsslapd-secureport: \(ports.1)")
            case "nsslapd-security": break
            case "nsslapd-cache-autosize": lines.append("nsslapd-cache-autosize: 0")
            case "nsslapd-dbcachesize": lines.append("nsslapd-dbcachesize: 16777216")
            case "nsslapd-cachememsize": lines.append("nsslapd-cachememsize: 33554432")
            default: lines.append(String(line))
            }
        }
        return lines.joined(separator: "\n")
    }

    /// The server wants keys in a database of its own kind.
    func installCertificate(_ kind: TestCertificates.Kind) throws {
        let certificates = try TestCertificates.shared.get()
        let bundle = directory.appendingPathComponent("server.p12").path
        try Command.run(
            "openssl",
            [
                "pkcs12", "-export", "-name", "Server-Cert", "-passout", "pass:", "-out", bundle,
                "-in", certificates.certificate(kind.rawValue), "-inkey", certificates.key(kind.rawValue),
            ], in: directory)
        let passwords = configuration.appendingPathComponent("pwdfile.txt").path
        try Command.run(
            "pk12util", ["-i", bundle, "-d", configuration.path, "-k", passwords, "-W", ""], in: directory)
        try Command.run(
            "certutil",
            [
                "-A", "-d", configuration.path, "-n", "authority", "-t", "CT,,", "-a", "-i",
                certificates.authorityFile, "-f", passwords,
            ], in: directory)
    }

    func configure(_ options: DS389Fixture.Options) throws {
        var plugins: [(String, [String])] = []
        if options.contentSync {
            plugins.append(
                (
                    "Retro Changelog Plugin",
                    ["nsslapd-attribute: nsuniqueid:targetUniqueId", "nsslapd-changelogmaxage: 2d"]
                ))
            plugins.append(("Content Synchronization", []))
        }
        if options.usn { plugins.append(("USN", [])) }
        if options.memberOf || options.freeIPA { plugins.append(("MemberOf Plugin", [])) }
        let file = configuration.appendingPathComponent("dse.ldif")
        var text = try String(contentsOf: file, encoding: .utf8)
        for (name, lines) in plugins { text = try DS389Files.enabling(name, lines, in: text) }
        try write(text, to: "dse.ldif")
        let schema = (options.freeIPA ? FreeIPALayout.schema : []) + options.schema
        if !schema.isEmpty {
            try write((["dn: cn=schema"] + schema).joined(separator: "\n") + "\n", to: "schema/98test.ldif")
        }
    }

    /// Switches on a plugin that the settings have switched off, with further lines.
    private static func enabling(_ plugin: String, _ lines: [String], in text: String) throws -> String {
        var entries = text.components(separatedBy: "\n\n")
        guard let place = entries.firstIndex(where: { $0.hasPrefix("dn: cn=\(plugin),cn=plugins,cn=config\n") }) else {
            throw Command.Failure(description: "389 Directory Server has no \(plugin)")
        }
        entries[place].replace("nsslapd-pluginEnabled: off", with: "nsslapd-pluginEnabled: on")
        entries[place] += lines.map { "\n" + $0 }.joined()
        return entries.joined(separator: "\n\n")
    }

    private func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: configuration.appendingPathComponent(name))
    }
}

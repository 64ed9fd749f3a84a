import Foundation
import TestSupport
import Testing

/// The files of the package, as far as they can be held without installing them; scripts/try-package runs them.
struct PackageFilesTests {
    private static let units = [
        "config/samples/nightly/rollcall.service", "config/samples/nightly/rollcall.timer",
        "config/samples/daemon/rollcall-daemon.service",
    ]
    private static let services = units.filter { $0.hasSuffix(".service") }

    /// What shuts a service in.
    private static let walls = [
        "NoNewPrivileges=yes", "ProtectSystem=strict", "ProtectHome=yes", "PrivateTmp=yes", "PrivateDevices=yes",
        "PrivateUsers=yes", "ProtectProc=invisible", "ProcSubset=pid", "ProtectKernelTunables=yes",
        "ProtectKernelModules=yes", "ProtectKernelLogs=yes", "ProtectControlGroups=yes", "ProtectClock=yes",
        "ProtectHostname=yes", "RestrictNamespaces=yes", "RestrictRealtime=yes", "RestrictSUIDSGID=yes",
        "LockPersonality=yes", "MemoryDenyWriteExecute=yes", "RemoveIPC=yes", "KeyringMode=private",
        "CapabilityBoundingSet=", "AmbientCapabilities=", "SystemCallArchitectures=native",
        "SystemCallFilter=@system-service", "SystemCallFilter=~@privileged @resources", "SystemCallErrorNumber=EPERM",
        "RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX", "UMask=0077", "StateDirectoryMode=0700", "LimitCORE=0",
        "MemoryMax=1G", "TasksMax=64", "User=rollcall", "Group=rollcall", "StateDirectory=rollcall",
        "Environment=SWIFT_BACKTRACE=enable=no",
    ]

    @Test(arguments: units) func unitHasSectionsAndSettingsOnly(_ path: String) throws {
        var sections: [String] = []
        for line in try Repository.text(path).components(separatedBy: "\n") where !line.isEmpty && !line.hasPrefix("#")
        {
            if line.hasPrefix("[") {
                sections.append(line)
            } else {
                #expect(line.wholeMatch(of: /[A-Z][A-Za-z]*=.*/) != nil && !sections.isEmpty, "\(line)")
            }
        }
        #expect(
            sections
                == Array(
                    ["[Unit]", path.hasSuffix(".timer") ? "[Timer]" : "[Service]", "[Install]"].prefix(sections.count)))
        #expect(sections.count >= 2)
    }

    @Test(arguments: services) func serviceIsShutIn(_ path: String) throws {
        let lines = Set(try Repository.text(path).components(separatedBy: "\n"))
        for wall in Self.walls { #expect(lines.contains(wall), "\(wall)") }
    }

    @Test(arguments: services + ["config/samples/nightly/rollcall.crontab"])
    func whatIsStartedIsACommandWithItsOptions(_ path: String) throws {
        let interface = try Interface.built.get()
        let started = try Repository.text(path).components(separatedBy: "\n")
            .filter { $0.hasPrefix("ExecStart=") || $0.contains("  rollcall  ") }
        #expect(started.count == 1)
        let words = started.flatMap { $0.split(whereSeparator: { " =;".contains($0) }).map(String.init) }
        let place = try #require(words.lastIndex { $0 == "rollcall" || $0 == "/usr/local/bin/rollcall" })
        let command = try #require(interface.command(named: ["rollcall"] + words[(place + 1)...]))
        #expect(command.path.count > 1)
        for word in words[(place + 1)...] where word.hasPrefix("--") { #expect(command.options.contains(word)) }
        #expect(words.last == "/etc/rollcall/rollcall.yaml")
    }

    @Test(arguments: ["postinst", "prerm", "postrm"]) func scriptOfThePackageIsPlainShell(_ name: String) throws {
        let path = "packaging/debian/\(name)"
        #expect(try Repository.text(path).hasPrefix("#!/bin/sh\n"))
        let ended = try Rollcall.run(["-n", path], program: URL(fileURLWithPath: "/bin/sh"), in: Repository.root)
        #expect(ended.status == 0, "\(ended.output)")
    }

    @Test(arguments: [
        "scripts/package", "scripts/try-package", "scripts/lib/fresh-system.sh", "scripts/lib/try-directories.sh",
    ])
    func scriptIsRead(_ path: String) throws {
        let ended = try Rollcall.run(["-n", path], program: URL(fileURLWithPath: "/bin/bash"), in: Repository.root)
        #expect(ended.status == 0, "\(ended.output)")
    }

    /// The package takes its version where the program does.
    @Test func versionHasOnePlace() throws {
        let lines = try Repository.text("Sources/rollcall/Version.swift").components(separatedBy: "\n")
        let named = lines.compactMap { $0.firstMatch(of: /static let text = "(.*)"/)?.output.1 }
        #expect(named.count == 1)
        #expect(try Rollcall.run(["--version"], in: Repository.root).output == "\(named[0])\n")
        #expect(try Repository.text("scripts/package").contains("Sources/rollcall/Version.swift"))
    }
}

import Foundation
import TestSupport
import Testing

/// Every piece of a file that a document shows is one that the program takes, in its place of a whole file.
struct DocumentedFilesTests {
    /// A piece of YAML on a page.
    struct Piece: Sendable, CustomTestStringConvertible {
        var place: String
        var text: String

        var testDescription: String { place }

        /// The first key, which tells where the piece belongs.
        var key: String { String(text.drop { $0 == " " }.prefix { $0 != ":" }) }
    }

    static func pieces() throws -> [Piece] {
        try FencedBlock.everywhere().filter { $0.language == "yaml" }.map {
            Piece(place: "\($0.page):\($0.line)", text: $0.text + "\n")
        }
    }

    /// Each platform with a topology, and what a rule can give there.
    private static let platforms = [
        (
            name: "vivi", topology: "topology: {workspaces: {support: {seats: 40}, sales: {seats: 20}}}",
            gift: "{workspace: support, role: chat-user}"
        ),
        (name: "tenant", topology: "topology: {seats: 40}", gift: "{role: user}"),
        (name: "agent-studio", topology: "topology: {seats: 40}", gift: "{template: content-editor}"),
        (
            name: "voiceflow", topology: "topology: {workspaces: {support: {seats: {editor: 10}}}}",
            gift: "{workspace: support, role: editor}"
        ),
    ]

    /// The configuration, with a piece in the place of what stands there.
    private static func configuration(
        _ platform: (name: String, topology: String, gift: String), with piece: Piece
    ) -> String {
        var directory = [
            "urls": "urls: [ldaps://ldap.example.org]", "bind": "bind: {method: anonymous}",
        ]
        var target = ["topology": platform.topology]
        var whole = ""
        let text = piece.text.components(separatedBy: "\n").filter { !$0.isEmpty }
        let indent = text.first.map { $0.prefix { $0 == " " }.count } ?? 0
        func indented(by spaces: Int) -> String {
            let lines = text.map { String(repeating: " ", count: spaces) + $0.dropFirst(indent) }
            return String(lines.joined(separator: "\n").dropFirst(spaces))
        }
        switch piece.key {
        case "urls", "bind": directory[piece.key] = indented(by: 4)
        case "srv": directory["urls"] = indented(by: 4)
        case "topology", "policy": target[piece.key] = indented(by: 4)
        case "mode": whole = "defaults:\n  " + indented(by: 2)
        case "schedule", "notify", "deliver", "reports", "same_person": whole = indented(by: 0)
        default: break
        }
        return """
            version: 1
            state: state
            directories:
              - name: corp
                kind: openldap
                \(directory.sorted { $0.key > $1.key }.map(\.value).joined(separator: "\n    "))
                tls: {mode: ldaps}
                people: {bases: ["ou=people,dc=example,dc=org"]}
                groups: {bases: ["ou=groups,dc=example,dc=org"]}
                trusted_attributes: [title, employeeNumber]
                email_domains: [example.org]
              - name: contractors
                kind: openldap
                urls: [ldaps://ldap.example.net]
                bind: {method: anonymous}
                tls: {mode: ldaps}
                people: {bases: ["ou=people,dc=example,dc=net"]}
                groups: {bases: ["ou=groups,dc=example,dc=net"]}
                trusted_attributes: [employeeNumber]
                email_domains: [example.net]
            targets:
              - name: acme-desk
                platform: platforms/\(platform.name).yaml
                mapping: mapping.yaml
                \(target.sorted { $0.key < $1.key }.map(\.value).joined(separator: "\n    "))
            \(whole)

            """
    }

    private static func mapping(_ platform: (name: String, topology: String, gift: String), with piece: Piece) -> String
    {
        if piece.text.contains("\nrules:") { return piece.text }
        let rules = """
            version: 1
            platform: \(platform.name)
            rules:
              - name: Staff
                when: {group: "corp:staff"}
                give: \(platform.gift)

            """
        return piece.key == "tests" ? rules + piece.text : rules
    }

    /// One principal without a key worth having.
    private static var keytab: [UInt8] {
        func text(_ text: String) -> [UInt8] { [0, UInt8(text.utf8.count)] + Array(text.utf8) }
        let entry = [0, 1] + text("EXAMPLE.ORG") + text("rollcall") + [UInt8](repeating: 0, count: 13)
        return [5, 2, 0, 0, 0, UInt8(entry.count)] + entry
    }

    /// What `check` says of the files with a piece in them, on one platform; empty when nothing is wrong.
    private func problems(
        _ piece: Piece, on platform: (name: String, topology: String, gift: String)
    ) throws -> String {
        let folder = try TemporaryDirectory()
        // Files that Kerberos makes have to be there.
        _ = FileManager.default.createFile(
            atPath: folder.path("rollcall.keytab"), contents: Data(DocumentedFilesTests.keytab),
            attributes: [.posixPermissions: 0o600])
        let configuration = DocumentedFilesTests.configuration(platform, with: piece)
            .replacing("/etc/rollcall/rollcall.keytab", with: "rollcall.keytab")
        try folder.write(configuration, to: "rollcall.yaml")
        try folder.write(DocumentedFilesTests.mapping(platform, with: piece), to: "mapping.yaml")
        for name in ["state", "platforms", "approvals"] {
            try FileManager.default.createDirectory(
                atPath: folder.path(name), withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        }
        try folder.write(
            try Repository.text("config/platforms/\(platform.name).yaml"), to: "platforms/\(platform.name).yaml")
        if piece.text.contains("\nreason:") {
            try folder.write(piece.text, to: "approvals/one.yaml")
            try folder.write("id\n1b2c3d4e-0000-4000-8000-000000000001\n", to: "approvals/leipzig-ids.csv")
        }
        let child = try Child(
            Rollcall.program.path, ["check", "--config", "rollcall.yaml"], in: folder.url.path,
            environment: ["ROLLCALL_NOW": "\(Site.firstNight)"])
        let ended = try child.end()
        return ended.status == 0 ? "" : ended.text + ended.message
    }

    @Test(arguments: try pieces()) func pieceIsTaken(_ piece: Piece) throws {
        let said = try DocumentedFilesTests.platforms.map { try problems(piece, on: $0) }
        #expect(said.contains(""), "no platform takes it: \(said[0])")
    }

    @Test func noPieceIsLeftOut() throws {
        let places: Set = [
            "urls", "srv", "bind", "topology", "mode", "policy", "deliver", "schedule", "notify", "reports",
            "same_person", "tests", "version",
        ]
        for piece in try DocumentedFilesTests.pieces() { #expect(places.contains(piece.key), "\(piece.place)") }
        #expect(try DocumentedFilesTests.pieces().count > 10)
    }
}

import AccessModel
import Diagnostics
import DirectoryModel
import MappingLanguage
import TestSupport
import Testing

/// A proposed mapping is right as it stands, whatever groups are called, and proposes nothing privileged.
struct ScaffoldTests {
    private func platform(_ name: String) throws -> Platform {
        var diagnostics = DiagnosticList()
        return try #require(
            PlatformFile.platform(try Repository.source("config/platforms/\(name).yaml"), into: &diagnostics))
    }

    private func topology(_ platform: Platform) -> Topology {
        let names = platform.scopes.count > 1 ? ["", "sales", "support"] : [""]
        return Topology(
            scopes: names.map { ScopeInstance(path: ScopePath($0)) }.sorted { $0.path < $1.path }, pools: [])
    }

    private func proposal(_ name: String, _ groups: [String]) throws -> (scaffold: Scaffold, mapping: Mapping) {
        let platform = try platform(name)
        var directory = SampleDirectory()
        directory.add("ada")
        for (place, group) in groups.enumerated() { directory.group(group, people: ["ada"], identity: "g\(place)") }
        let scaffold = Scaffold(try directory.mirror(), platform: platform, topology: topology(platform))
        var diagnostics = DiagnosticList()
        let mapping = MappingFile.mapping(
            SourceFile(name: "m.yaml", text: scaffold.text),
            in: MappingContext(
                platform: platform, topology: topology(platform),
                directories: [.init(name: "corp", trustedAttributes: [])]), into: &diagnostics)
        #expect(diagnostics.text == "", "\(scaffold.text)")
        return (scaffold, try #require(mapping, "\(scaffold.text)"))
    }

    @Test func namesBecomeRolesInWorkspaces() throws {
        let (scaffold, mapping) = try proposal(
            "vivi",
            [
                "desk-sales-agent-managers", "desk-support-agent-managers", "support-chat", "Support Chat Users",
                "directors",
                "account-admins", "lunch",
            ])
        let gifts = mapping.rules.map { "\($0.condition.text): \($0.gift.role)" }
        #expect(
            gifts.contains {
                $0.hasPrefix("in group `desk-{workspace}-agent-managers under") && $0.hasSuffix(": agent-manager")
            })
        #expect(gifts.contains("in group `Support Chat Users`: chat-user"))
        #expect(!mapping.rules.contains { $0.gift.role == "account-admin" })
        #expect(scaffold.privilegedCount == 1)
        #expect(scaffold.text.contains("  # - name: \"Account Admin by group account-admins\""))
        #expect(scaffold.text.contains("  #   lunch (1 person)"))
        let run = MappingTestRun(mapping)
        #expect(run.passed)
        #expect(run.untouched == [])
    }

    /// `check` warns of rules that are called the same.
    @Test func familiesThatSoundLikeOneRoleAreCalledApart() throws {
        let (scaffold, mapping) = try proposal(
            "vivi", ["desk-sales-users", "desk-support-users", "dept-sales-users", "dept-support-users"])
        let names = mapping.rules.map(\.name).sorted()
        #expect(names.count == 2 && Set(names).count == 2, "\(scaffold.text)")
        #expect(names.first?.contains("dept-{workspace}-users") == true, "\(names)")
        #expect(MappingTestRun(mapping).passed)
    }

    @Test func namesBecomeTemplates() throws {
        let (_, mapping) = try proposal("agent-studio", ["qa-analysts", "voice specialists", "board"])
        #expect(mapping.rules.map(\.gift.templates) == [["qa-analyst"], ["voice-specialist"]])
        #expect(MappingTestRun(mapping).passed)
    }

    @Test(arguments: ["vivi", "tenant", "agent-studio", "voiceflow"])
    func whereNoNameSoundsLikeAnythingThereIsAnExample(_ name: String) throws {
        let (scaffold, mapping) = try proposal(name, ["xyz"])
        #expect(mapping.rules.count == 1)
        #expect(scaffold.text.contains("this is only an example"))
    }

    @Test(arguments: ["vivi", "tenant", "agent-studio", "voiceflow"])
    func namesThatWouldBreakTheFileDoNot(_ name: String) throws {
        let hostile = [
            "a: b", "- x", "{support}-viewer", "desk*", "support viewer\" # x", "\u{202E}support viewer", "x\ny: z",
            "#!", "'", "\\",
            "support, viewer", "=viewer", "support:viewer", "[viewer]", "&viewer", "*viewer", "!viewer",
            "viewer support",
            "viewers.support",
        ]
        let (_, mapping) = try proposal(name, hostile)
        #expect(MappingTestRun(mapping).passed)
    }
}

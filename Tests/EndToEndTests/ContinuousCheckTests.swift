import Diagnostics
import Foundation
import TestSupport
import Testing

/// The samples that check a merge request do what the guide says of them.
struct ContinuousCheckTests {
    /// A repository whose `main` has the small company's rules, and a snapshot beside them.
    private struct Checkout {
        let folder: TemporaryDirectory
        let scenario: Scenario

        init() throws {
            scenario = try Scenario("ci")
            _ = try scenario.run(["sync", "--yes"])
            #expect(try scenario.run(["snapshot", "--out", "people.snapshot", "--pseudonyms"]).status == 0)
            folder = try TemporaryDirectory()
            try FileManager.default.createDirectory(
                at: folder.url.appendingPathComponent("config"), withIntermediateDirectories: true)
            for file in ["rollcall.yaml", "mapping.yaml", "vivi.yaml"] {
                try copy(file, to: "config/\(file)")
            }
            try copy("people.snapshot", to: "people.snapshot")
            try git("init", "--quiet", "--initial-branch=main")
            try git("add", "config")
            try git("-c", "user.name=Ada", "-c", "user.email=ada@example.org", "commit", "--quiet", "--message=rules")
        }

        private func copy(_ file: String, to name: String) throws {
            try FileManager.default.copyItem(
                at: URL(fileURLWithPath: scenario.path).appendingPathComponent(file),
                to: folder.url.appendingPathComponent(name))
        }

        private func git(_ arguments: String...) throws {
            try Command.run("git", arguments, in: folder.url, environment: ["HOME": folder.url.path])
        }

        func replace(_ old: String, _ new: String) throws {
            let text = try String(contentsOfFile: folder.path("config/mapping.yaml"), encoding: .utf8)
            let edited = text.replacingOccurrences(of: old, with: new)
            #expect(edited != text)
            try folder.write(edited, to: "config/mapping.yaml")
        }

        func check() throws -> Rollcall.Ended {
            try Rollcall.run(
                [Repository.root.appendingPathComponent("config/samples/ci/check-rules.sh").path, "main"],
                program: URL(fileURLWithPath: "/bin/sh"), in: folder.url, environment: environment)
        }

        /// A line of a job, with the variables that its server sets: the branch that the edit goes into is `main` of `origin`.
        func job(_ line: String) throws -> Rollcall.Ended {
            try git("update-ref", "refs/remotes/origin/main", "main")
            let samples = folder.url.appendingPathComponent("config/samples")
            try FileManager.default.createDirectory(at: samples, withIntermediateDirectories: true)
            try FileManager.default.copyItem(
                at: Repository.root.appendingPathComponent("config/samples/ci"),
                to: samples.appendingPathComponent("ci"))
            return try Rollcall.run(
                ["-c", line], program: URL(fileURLWithPath: "/bin/sh"), in: folder.url,
                environment: environment.merging([
                    "GITHUB_BASE_REF": "main", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main",
                ]) { mine, _ in mine })
        }

        private var environment: [String: String] {
            [
                "PATH": "\(Rollcall.program.deletingLastPathComponent().path):/usr/bin:/bin",
                "HOME": folder.url.path,
            ]
        }

        func result(_ name: String) throws -> String {
            try String(contentsOfFile: folder.path("rollcall-results/\(name)"), encoding: .utf8)
        }
    }

    @Test func anEditWithoutConsequencesPasses() throws {
        let checkout = try Checkout()
        try checkout.replace("name: Support desk", "name: Everybody at the desk")
        let ended = try checkout.check()
        #expect(ended.status == 0, "\(ended.output)")
        #expect(try checkout.result("diff.md").contains("nothing to do"))
        #expect(try checkout.result("tests.xml").contains("failures=\"0\""))
    }

    @Test func anEditThatGivesAPrivilegeFails() throws {
        let checkout = try Checkout()
        try checkout.replace(
            "    when: {group: managers}\n    give: {workspace: support, role: agent-manager}",
            "    when: {group: managers, nested: false}\n    give: {role: account-admin}\n    privileged: true")
        let ended = try checkout.check()
        #expect(ended.status == 3, "\(ended.output)")
        #expect(ended.output.contains("**FAILS** `privileged_gain`") || ended.output.contains("privileged_gain is 1"))
        // A mapping test of the sample says that managers manage; it fails, too, and CI shows it.
        #expect(try checkout.result("tests.xml").contains("<failure"))
        #expect(!ended.output.contains("ada@small.example"), "a snapshot with pseudonyms shows nobody")
    }

    @Test func aMistakeInAGroupFails() throws {
        let checkout = try Checkout()
        try checkout.replace("{group: managers}", "{group: mangers}")
        let ended = try checkout.check()
        #expect(ended.status == 65)
        #expect(ended.output.contains("did you mean `managers`?"))
    }

    /// The job's own line, in a repository that is laid out as the guide says.
    @Test(arguments: ["github.yml", "gitlab.yml"]) func jobChecksTheEdit(_ name: String) throws {
        let lines = try Repository.text("config/samples/ci/\(name)").components(separatedBy: "\n")
        let line = try #require(lines.first { $0.contains(" config/samples/ci/check-rules.sh ") })
        let command = try #require(line.firstMatch(of: /(?:run:|-) (config\/.*)/)).output.1
        let checkout = try Checkout()
        try checkout.replace("name: Support desk", "name: Everybody at the desk")
        let ended = try checkout.job(String(command))
        #expect(ended.status == 0, "\(ended.output)")
        #expect(try checkout.result("diff.md").contains("nothing to do"))
    }

    @Test(arguments: ["github.yml", "gitlab.yml"]) func samplesAreYAMLAndCallTheScript(_ name: String) throws {
        let source = try Repository.source("config/samples/ci/\(name)")
        var diagnostics = DiagnosticList()
        #expect(YAMLReader.read(source, into: &diagnostics) != nil)
        #expect(diagnostics.text == "")
        let text = try Repository.text("config/samples/ci/\(name)")
        #expect(text.contains(" config/samples/ci/check-rules.sh "))
        #expect(
            FileManager.default.isExecutableFile(
                atPath: Repository.root.appendingPathComponent("config/samples/ci/check-rules.sh").path))
    }
}

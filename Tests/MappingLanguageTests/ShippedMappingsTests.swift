import AccessModel
import Diagnostics
import MappingLanguage
import TestSupport
import Testing

/// The mappings that come with Rollcall are right, and say what they mean by tests of their own.
struct ShippedMappingsTests {
    static let places = ["mappings", "config/samples/company/mappings"]
    static let platforms = ["vivi", "tenant", "agent-studio", "voiceflow"]

    @Test(arguments: places, platforms)
    func shippedMappingPassesItsOwnTests(_ place: String, _ name: String) throws {
        let run = MappingTestRun(try mapping("\(place)/\(name).yaml", on: name))
        for result in run.results where !result.passed {
            Issue.record(
                "\(result.test.name): unexpected \(result.unexpected), lacking \(result.lacking), \(result.conflicts)"
            )
        }
        #expect(!run.results.isEmpty)
        #expect(run.untouched == [], "every rule is touched by a test")
    }

    private func mapping(_ path: String, on name: String) throws -> Mapping {
        var diagnostics = DiagnosticList()
        let platform = try #require(
            PlatformFile.platform(try Repository.source("config/platforms/\(name).yaml"), into: &diagnostics))
        let context = MappingContext(
            platform: platform, topology: topology(of: platform),
            directories: [
                .init(name: "corp", trustedAttributes: ["title", "departmentnumber", "employeetype"])
            ])
        let mapping = MappingFile.mapping(try Repository.source(path), in: context, into: &diagnostics)
        #expect(diagnostics.text == "")
        return try #require(mapping)
    }

    /// The scopes that the sample targets have.
    private func topology(of platform: Platform) -> Topology {
        guard platform.scopes.count > 1 else {
            return Topology(scopes: [ScopeInstance(path: .root)], pools: [])
        }
        var paths = ["", "marketing", "sales", "support"]
        if platform.scopes.count > 2 { paths += ["sales/lead-bot", "support/faq-bot", "support/order-bot"] }
        return Topology(
            scopes: paths.map { ScopeInstance(path: ScopePath($0)) }.sorted { $0.path < $1.path }, pools: [])
    }
}

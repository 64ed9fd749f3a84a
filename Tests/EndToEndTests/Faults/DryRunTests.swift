import Foundation
import TestSupport
import Testing

/// What a plan leaves alone, and what its two forms say.
struct DryRunTests {
    private static func eve(_ people: Int) throws -> (site: Site, before: SavedState) {
        var site = try Site(ldif: Array(Company.firstNight(people).utf8))
        let before = try site.prepare()
        try site.write(Array(Company.secondNight(people).utf8), to: "people.ldif")
        site.hour = 24
        return (site, before)
    }

    /// Names, contents and times of all files of the state.
    private func files(_ site: Site) throws -> [String] {
        let paths = try FileManager.default.subpathsOfDirectory(atPath: site.statePath).sorted()
        return try paths.map { path in
            let whole = site.statePath + "/" + path
            let facts = try FileManager.default.attributesOfItem(atPath: whole)
            let size = facts[.size] as? Int ?? 0
            let time = (facts[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0
            let bytes = (try? Data(contentsOf: URL(fileURLWithPath: whole))) ?? Data()
            return "\(path) \(size) \(time) \(bytes.base64EncodedString())"
        }
    }

    @Test(arguments: [["plan"], ["sync", "--dry-run"], ["plan", "--format", "json"]])
    func leavesEveryFileAsItIs(_ command: [String]) throws {
        let (site, before) = try DryRunTests.eve(30)
        let files = try files(site)
        #expect(try site.run(command).status == 0)
        #expect(try self.files(site) == files)
        #expect(try site.saved() == before)
    }

    @Test(arguments: [10, 40, 150])
    func textAndJSONAgreeOnCounts(people: Int) throws {
        let (site, _) = try DryRunTests.eve(people)
        let text = try site.run(["plan"]).text
        let plan = try JSONSerialization.jsonObject(with: Data(try site.run(["plan", "--format", "json"]).output))
        let target = try #require(((plan as? [String: Any])?["targets"] as? [[String: Any]])?.first)
        let counts = try #require(target["counts"] as? [String: Any])
        let kinds = try #require(counts["by_kind"] as? [String: Int])
        let changes = try #require(target["changes"] as? [[String: Any]])
        #expect(changes.count == kinds.values.reduce(0, +))
        #expect(changes.count == counts["changes"] as? Int)
        for kind in kinds.keys { #expect(changes.count { $0["kind"] as? String == kind } == kinds[kind]) }
        #expect(kinds["invite"] == people / 5)
        #expect(text.contains("\(people / 5) invited"), "\(text)")
        let suspended = kinds["suspend"] ?? 0
        #expect(text.contains("suspended") == (suspended > 0))
        if suspended > 0 { #expect(text.contains("\(suspended) suspended")) }
    }
}

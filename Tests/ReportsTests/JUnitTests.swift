import Foundation
import Reports
import TestSupport
import Testing

/// Every CI server can read what tests came to, whatever things are called.
struct JUnitTests {
    /// What an XML parser makes of it: one line for each case, in order.
    private func parsed(_ bytes: [UInt8]) throws -> [String] {
        let folder = try TemporaryDirectory()
        let file = folder.url.appendingPathComponent("junit.xml")
        try Data(bytes).write(to: file)
        let program = """
            import sys, xml.etree.ElementTree as tree
            root = tree.parse(sys.argv[1]).getroot()
            print(root.tag, root.get('tests'), root.get('failures'))
            for suite in root:
                print(suite.tag, suite.get('tests'), suite.get('failures'))
                for case in suite.findall('testcase'):
                    failures = case.findall('failure')
                    print(case.get('name').encode('unicode_escape').decode(), case.get('line'), len(case), len(failures))
            """
        return try Command.output("/usr/bin/python3", ["-c", program, file.path]).split(separator: "\n").map(
            String.init)
    }

    @Test func suitesAndCasesAreCounted() throws {
        let suites = [
            JUnitReport.Suite(
                name: "desk",
                cases: [
                    .init(name: "good", file: "m.yaml", line: 3, failures: []),
                    .init(
                        name: "bad", file: "m.yaml", line: 7, failures: ["given, and not expected: role `x`", "more"]),
                ], properties: [("rules", "2")])
        ]
        #expect(
            try parsed(JUnitReport.bytes(suites)) == [
                "testsuites 2 1", "testsuite 2 1", "good 3 0 0", "bad 7 1 1",
            ])
    }

    @Test func hostileNamesStayNames() throws {
        let suites = HostileNames.all.map { name in
            JUnitReport.Suite(
                name: name, cases: [.init(name: name, file: name, line: 1, failures: [name, name])],
                properties: [(name, name)])
        }
        let lines = try parsed(JUnitReport.bytes(suites))
        #expect(lines.count == 1 + 2 * HostileNames.all.count)
        for line in lines where line.hasPrefix("testsuite ") { #expect(line == "testsuite 1 1") }
        for line in lines where line.hasSuffix(" 1 1 1") { #expect(!line.hasPrefix("testsuite ")) }
        #expect(lines.count { $0.hasSuffix(" 1 1 1") } == HostileNames.all.count)
        PrintableText.expect(JUnitReport.bytes(suites))
    }
}

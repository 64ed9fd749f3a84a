import Diagnostics

/// Outcomes of tests in the XML that CI servers read (the format of JUnit's Ant task, as Jenkins, GitLab and GitHub take it).
package struct JUnitReport: Sendable {
    package static let format = "junit"

    package struct Case: Sendable {
        package var name: String
        package var file: String
        /// From 1.
        package var line: Int
        /// What is wrong, one line each; empty for a test that passed.
        package var failures: [String]

        package init(name: String, file: String, line: Int, failures: [String]) {
            self.name = name
            self.file = file
            self.line = line
            self.failures = failures
        }
    }

    package struct Suite: Sendable {
        package var name: String
        package var cases: [Case]
        /// Figures that some servers show beside the suite.
        package var properties: [(name: String, value: String)]

        package init(name: String, cases: [Case], properties: [(name: String, value: String)]) {
            self.name = name
            self.cases = cases
            self.properties = properties
        }

        var failed: Int { cases.count { !$0.failures.isEmpty } }
    }

    private let suites: [Suite]
    private var bytes: [UInt8] = []

    package init(_ suites: [Suite]) { self.suites = suites }

    package static func bytes(_ suites: [Suite]) -> [UInt8] {
        var report = JUnitReport(suites)
        report.write()
        return report.bytes
    }

    private mutating func write() {
        line(0, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")
        let total = suites.reduce(0) { $0 + $1.cases.count }
        let failed = suites.reduce(0) { $0 + $1.failed }
        line(0, "<testsuites name=\"rollcall\" tests=\"\(total)\" failures=\"\(failed)\" errors=\"0\">")
        for suite in suites {
            line(
                1,
                "<testsuite name=\"\(JUnitReport.escaped(suite.name))\" tests=\"\(suite.cases.count)\" "
                    + "failures=\"\(suite.failed)\" errors=\"0\" skipped=\"0\">")
            if !suite.properties.isEmpty { properties(suite) }
            for testCase in suite.cases { self.testCase(testCase, suite.name) }
            line(1, "</testsuite>")
        }
        line(0, "</testsuites>")
    }

    private mutating func properties(_ suite: Suite) {
        line(2, "<properties>")
        for property in suite.properties {
            line(
                3,
                "<property name=\"\(JUnitReport.escaped(property.name))\" value=\"\(JUnitReport.escaped(property.value))\"/>"
            )
        }
        line(2, "</properties>")
    }

    private mutating func testCase(_ testCase: Case, _ suite: String) {
        let attributes =
            "name=\"\(JUnitReport.escaped(testCase.name))\" classname=\"\(JUnitReport.escaped(suite))\" "
            + "file=\"\(JUnitReport.escaped(testCase.file))\" line=\"\(testCase.line)\""
        guard let first = testCase.failures.first else { return line(2, "<testcase \(attributes)/>") }
        line(2, "<testcase \(attributes)>")
        let text = testCase.failures.map(JUnitReport.escaped).joined(separator: "\n")
        line(3, "<failure type=\"mapping\" message=\"\(JUnitReport.escaped(first))\">\(text)</failure>")
        line(2, "</testcase>")
    }

    private mutating func line(_ depth: Int, _ text: String) {
        bytes.append(contentsOf: String(repeating: "  ", count: depth).utf8)
        bytes.append(contentsOf: text.utf8)
        bytes.append(0x0A)
    }

    /// What XML cannot hold is dangerous already; the rest of its meaning hangs on five characters.
    private static func escaped(_ text: String) -> String {
        var result: [UInt8] = []
        for byte in SafeText.escaped(text).utf8 {
            switch byte {
            case UInt8(ascii: "<"): result.append(contentsOf: "&lt;".utf8)
            case UInt8(ascii: ">"): result.append(contentsOf: "&gt;".utf8)
            case UInt8(ascii: "&"): result.append(contentsOf: "&amp;".utf8)
            case UInt8(ascii: "\""): result.append(contentsOf: "&quot;".utf8)
            case UInt8(ascii: "'"): result.append(contentsOf: "&apos;".utf8)
            default: result.append(byte)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}

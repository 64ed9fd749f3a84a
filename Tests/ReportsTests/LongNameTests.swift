import Foundation
import Reconciliation
import Reports
import Testing

/// A name of 60 kB among five hundred people: one row is long, and not all of them.
struct LongNameTests {
    private static let name = "Anna " + String(repeating: "山", count: 20_000)
    private static let names = ["Ben Ohm"] + [name] + (2..<500).map { "Person \($0)" }

    private static let listing = Listing(
        format: "rollcall.things/1", noun: "thing", plural: "things",
        columns: [.init("name", "name"), .init("count", "count", isNumber: true), .init("seen", "seen")])

    private static func list(_ format: OutputFormat, _ style: TextStyle = .plain) -> String {
        var bytes: [UInt8] = []
        var writer = ListingWriter(listing, format: format, style: style)
        for (place, name) in names.enumerated() {
            writer.row([.text(name), .number(place), .text(name)]) { bytes.append(contentsOf: $0) }
        }
        writer.end(nothing: "nothing") { bytes.append(contentsOf: $0) }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test func aListIsNoWiderForIt() {
        let text = Self.list(.text)
        #expect(text.utf8.count < 200_000)
        let lines = text.split(separator: "\n")
        #expect(lines[1] == "Ben Ohm         0  Ben Ohm")
        #expect(lines[2] == "\(Self.name)      1  \(Self.name)")
        #expect(lines[500] == "Person 499    499  Person 499")
    }

    @Test(arguments: OutputFormat.allCases) func theNameIsWholeInAFile(_ format: OutputFormat) {
        #expect(Self.list(format).components(separatedBy: Self.name).count == 3)
    }

    /// A terminal shows as much as one reads, says so, and how to see the rest.
    @Test func aTerminalShowsItsBeginning() {
        let text = Self.list(.text, TextStyle(cellAtMost: TextStyle.terminalCell))
        #expect(text.utf8.count < 40_000)
        let lines = text.split(separator: "\n")
        let shown = "Anna " + String(repeating: "山", count: 97) + "…"
        #expect(lines[2] == "\(shown)      1  \(shown)")
        #expect(lines.last == "2 long texts cut at `…`; --all shows them")
        #expect(!Self.list(.text).contains("cut at"))
    }

    /// Of a plan the name of a person and that of a finding; what is said of them is whole.
    @Test func aPlanOnATerminalShowsItsBeginning() {
        var plan = SamplePlans.secondNight()
        let person = SamplePlans.addSubject(Self.name, "", number: 9, to: &plan)
        plan.changes.append(Change(kind: .invite, evidence: .positive, subject: person, reason: 1))
        plan.findings.append(
            Finding(
                code: "person.no-email", weight: .warning, person: SamplePlans.key(9), label: Self.name,
                message: "x " + Self.name, hint: ""))
        let report = SamplePlans.report([plan], stage: .planned)
        func lines(_ style: TextStyle) -> [Substring] {
            String(decoding: PlanText.bytes(report, style: style), as: UTF8.self).split(separator: "\n")
        }
        let shown = "Anna " + String(repeating: "山", count: 97) + "…"
        let cut = lines(TextStyle(cellAtMost: TextStyle.terminalCell))
        #expect(cut.contains { $0.hasPrefix("    + \(shown)  ") })
        #expect(cut.contains { $0.hasPrefix("    warning \(shown): x \(Self.name)") })
        #expect(cut.count { $0 == "    1 long text cut at `…`; --all shows them" } == 2)
        let whole = lines(.plain)
        #expect(whole.contains { $0.hasPrefix("    + \(Self.name)  ") })
        #expect(!whole.contains { $0.contains("cut at") })
    }

    @Test func aTableOfAReportIsNoWiderForIt() {
        var page = TextPage()
        page.columns(Self.names.map { [Span($0), Span("x"), Span("7")] }, rightAligned: [2], indent: 2)
        let lines = String(decoding: page.bytes, as: UTF8.self).split(separator: "\n")
        #expect(page.bytes.count < 100_000)
        #expect(lines[0] == "  Ben Ohm     x  7")
        #expect(lines[1] == "  \(Self.name)  x  7")
    }
}

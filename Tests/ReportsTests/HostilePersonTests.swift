import AccessModel
import Diagnostics
import DirectoryModel
import Foundation
import MappingLanguage
import Reconciliation
import Reports
import Testing

/// Explanations and heads of runs, with names that try to hide a line, move the cursor or turn the reading direction.
struct HostilePersonTests {
    /// A report with the name in every place that a directory, a file or a person can fill.
    static func report(_ name: String, whyNot: String? = nil) -> PersonReport {
        let head = PersonReport.Head(
            person: PersonKey(directory: name, id: SamplePlans.id(1)), email: name, name: name, login: name, dn: name,
            standing: name)
        var details = UserDetails()
        details.causes = [Cause(kind: .manual, since: SamplePlans.night, by: name, reason: name)]
        let user = PersonReport.User(
            email: name, status: .suspended, managed: true,
            access: Access(
                roles: [ScopedRole(scope: ScopePath([name]), role: name)], templates: [name], switches: [name],
                permissions: [AreaSetting(area: name, values: [name])]),
            reason: name, since: SamplePlans.night, lastSignIn: nil, details: details)
        let finding = Finding(
            code: "x.y", weight: .severe, person: SamplePlans.key(1), label: name, message: name, hint: name)
        return PersonReport(
            head: head,
            targets: [
                PersonReport.Target(name: name, user: user, waiting: [], findings: [finding], explanation: nil),
                PersonReport.Target(name: name, user: nil, waiting: [], findings: [finding], explanation: nil),
            ], whyNot: whyNot)
    }

    static func record(_ name: String) -> RunRecord {
        RunRecord(
            number: 1, command: name, actor: name, started: SamplePlans.night, ended: SamplePlans.night,
            outcome: .partlyHeld, exitStatus: 3, summary: name, version: name,
            targets: [
                TargetRunRecord(
                    target: name, mode: .manage, held: true, counts: [name: 1], holds: [name], findingKeys: [name])
            ])
    }

    @Test(arguments: HostileTextTests.names)
    func personTextIsPrintable(_ name: String) {
        HostileTextTests.expectPrintable(PersonText.bytes(Self.report(name)))
        HostileTextTests.expectPrintable(PersonText.bytes(Self.report(name, whyNot: name)))
    }

    @Test(arguments: HostileTextTests.names)
    func personTextHasTheSameLinesWhateverTheName(_ name: String) {
        let lines = { (name: String) in PersonText.bytes(Self.report(name)).count { $0 == 0x0A } }
        #expect(lines(name) == lines("plain"))
    }

    @Test(arguments: HostileTextTests.names)
    func personJSONIsPrintableAndReadsBack(_ name: String) throws {
        let bytes = PersonJSON.bytes(Self.report(name))
        HostileTextTests.expectPrintable(bytes)
        let root = try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
        let person = try #require(root["person"] as? [String: Any])
        let email = try #require(person["email"] as? String)
        #expect(Array(email.unicodeScalars) == Array(name.unicodeScalars))
    }

    @Test(arguments: HostileTextTests.names)
    func headOfARunIsPrintableAndHasTheSameLines(_ name: String) {
        let bytes = RunHead(Self.record(name)).bytes(style: .plain)
        HostileTextTests.expectPrintable(bytes)
        #expect(bytes.count { $0 == 0x0A } == RunHead(Self.record("plain")).bytes(style: .plain).count { $0 == 0x0A })
    }
}

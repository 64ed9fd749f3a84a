import Foundation
import TestSupport
import Testing

/// What a monitor is told of deliveries.
struct DeliveryFiguresTests {
    private static let figure = "rollcall_outbox_suspensions{target=\"desk\"} "

    private func deliver(_ scenario: Scenario, ending status: Int) throws {
        try scenario.edit("write", ["deliver.sh", "#!/bin/sh\ncat > /dev/null\nexit \(status)\n"])
        try scenario.edit("mode", ["deliver.sh", "700"])
    }

    /// The lines about suspensions that the platform was not told of.
    private func figures(_ scenario: Scenario) throws -> [String] {
        let url = URL(fileURLWithPath: scenario.path).appendingPathComponent("rollcall.prom")
        return try String(contentsOf: url, encoding: .utf8).components(separatedBy: "\n")
            .filter { $0.hasPrefix(Self.figure) }.map { String($0.dropFirst(Self.figure.count)) }
    }

    /// Invitations that wait beside them are not counted; what is delivered is counted no more.
    @Test func suspensionsThatAreNotDeliveredAreCounted() throws {
        let scenario = try Scenario("figures")
        try scenario.edit(
            "replace",
            [
                "rollcall.yaml", "approvals: approvals/",
                "approvals: approvals/\ndeliver: {command: [./deliver.sh]}\nreports: {metrics_file: rollcall.prom}",
            ])
        try deliver(scenario, ending: 7)
        _ = try scenario.run(["sync", "--yes"])
        #expect(try figures(scenario) == ["0"])
        try scenario.edit("add", ["people.ldif", "uid=ben", "employeeType: disabled"])
        _ = try scenario.run(["sync", "--yes"])
        #expect(try figures(scenario) == ["1"])
        try deliver(scenario, ending: 0)
        _ = try scenario.run(["outbox", "--retry"])
        _ = try scenario.run(["deliver"])
        #expect(try figures(scenario) == ["0"])
    }
}

import Diagnostics
import Foundation
import Reconciliation
import TestSupport
import Testing

@testable import SyncAgent

/// The configurations that come with Rollcall, with every file they name, are read without a word.
struct ShippedConfigurationsTests {
    @Test(arguments: [
        ("config/rollcall.yaml", ["acme-desk"]),
        ("config/samples/company/rollcall.yaml", ["acme-desk", "acme-crm", "acme-studio", "acme-bots"]),
        ("config/samples/company/rollcall-ldif.yaml", ["acme-desk", "acme-crm", "acme-studio", "acme-bots"]),
        ("config/samples/directories/active-directory.yaml", ["acme-crm"]),
        ("config/samples/directories/389ds.yaml", ["acme-crm"]),
        ("config/samples/directories/freeipa.yaml", ["acme-crm"]),
        ("config/samples/fifth-platform/rollcall.yaml", ["herbarium"]),
        ("config/samples/adoption/agent-studio/rollcall.yaml", ["harbor-studio"]),
        ("config/samples/adoption/tenant/rollcall.yaml", ["harbor-crm"]),
        ("config/samples/adoption/vivi/rollcall.yaml", ["harbor-desk"]),
        ("config/samples/adoption/voiceflow/rollcall.yaml", ["harbor-bots"]),
        ("Benchmarks/workload/rollcall.yaml", ["bench"]),
    ])
    func shippedConfigurationIsReadWithoutAWord(_ path: String, _ targets: [String]) throws {
        let file = Repository.root.appendingPathComponent(path).path
        var reader = FilesReader(path: file, now: 1_800_000_000)
        let read = reader.read()
        #expect(reader.problems.diagnostics.text == "")
        #expect(try #require(read).files.targets.map(\.settings.name) == targets)
    }
}

import Foundation
import TestSupport
import Testing

/// Whatever a server or a network gets wrong, the program itself ends in time, with its status, the cause and a remedy, and the roster is
/// as it was.
struct ProtocolFaultTests {
    private static let options = ADStub.Options(maxPageSize: 5)

    /// A second night through faults, after a first without.
    private func expect(_ fault: ProtocolFault) throws {
        let stub = try ADStub(ProtocolFault.domain(), options: ProtocolFaultTests.options)
        let faults = Switch()
        let proxy = try LDAPProxy(to: stub.port, fault.faults().map { faults.on($0) })
        var site = try Site(activeDirectory: proxy.url)
        let before = try site.prepare()
        faults.turnOn()
        if let password = fault.password { try site.setPassword(password) }
        if let timeouts = fault.timeouts { try site.replace("connect: 1s, idle: 1s, pull: 4s", with: timeouts) }
        site.hour = 24
        // `timeouts.pull`
        let ended = try site.sync(within: 4)
        #expect(ended.status == fault.status, "\(ended.message)")
        #expect(ended.message.contains(fault.says), "\(ended.message)")
        #expect(ended.message.hasPrefix("error: directory `corp`: ") && ended.message.contains("\nhint: "))
        #expect(try site.saved() == before)
        #expect(try site.litter() == [])
    }

    @Test(arguments: ProtocolFault.connections) func faultOfAConnection(_ fault: ProtocolFault) throws {
        try expect(fault)
    }

    @Test(arguments: ProtocolFault.messages) func faultOfMessages(_ fault: ProtocolFault) throws { try expect(fault) }

    @Test(arguments: ProtocolFault.attacks) func messageThatIsNone(_ fault: ProtocolFault) throws { try expect(fault) }

    @Test(arguments: ProtocolFault.contents) func faultOfContents(_ fault: ProtocolFault) throws { try expect(fault) }

    @Test(arguments: ProtocolFault.ranges) func faultOfRanges(_ fault: ProtocolFault) throws { try expect(fault) }

    @Test(arguments: ProtocolFault.codes) func resultCode(_ fault: ProtocolFault) throws { try expect(fault) }

    /// What is legal is no fault: an empty page that leads on, values in ranges, messages in pieces and glued together.
    @Test(arguments: [
        ProtocolFault("empty page", 0, "") { [.emptyPage(after: 2)] },
        ProtocolFault("ranges", 0, "") { [.ranges("member", of: 3)] },
        ProtocolFault("pieces", 0, "") { [.at(.bind, .drip(bytesPerSecond: 1_000_000))] },
        ProtocolFault("glued", 0, "") { [.glued(under: ProtocolFault.people)] },
    ])
    func whatIsLegalIsRead(_ fault: ProtocolFault) throws {
        let stub = try ADStub(ProtocolFault.domain(), options: ProtocolFaultTests.options)
        let proxy = try LDAPProxy(to: stub.port, fault.faults())
        let site = try Site(activeDirectory: stub.url)
        _ = try site.prepare()
        try site.replace(stub.url, with: proxy.url)
        let plan = try site.run(["plan", "--detailed-exitcode"])
        #expect(plan.status == 0, "\(plan.text)\(plan.message)")
    }

    /// Who is missing is asked for by id; an answer that ends in a code proves nobody's absence, on no night, and ends the run.
    @Test(
        arguments: Figures.isSoak
            ? [1, 2, 3, 4, 7, 8, 10, 11, 12, 13, 14, 32, 50, 51, 52, 53, 54, 80, 4096] : [4, 32, 51, 53])
    func codeAtTheConfirmationProvesNobodyGone(code: Int) throws {
        let stub = try ADStub(ProtocolFault.domain(), options: ProtocolFaultTests.options)
        let proxy = try LDAPProxy(
            to: stub.port, .result(code, text: "as tested", at: .done(scope: 2, base: "DC=corp")))
        var site = try Site(activeDirectory: stub.url)
        let before = try site.prepare()
        stub.change { $0.delete("CN=p1,\(ProtocolFault.people)") }
        try site.replace(stub.url, with: proxy.url)
        for hour in [24, 48, 72] {
            site.hour = hour
            let ended = try site.sync(within: 4)
            // What the account may not see of the suffix leaves open where somebody is; the bases are read all the same.
            if code == 32 || code == 50 {
                #expect(ended.status == 0, "\(ended.message)")
                #expect(try site.run(["findings"]).text.contains("user.absence-unconfirmed"))
                continue
            }
            // Codes that may pass, and those that will not.
            #expect(ended.status == ([1, 51, 52, 80].contains(code) ? 69 : 4), "\(ended.message)")
            #expect(ended.message.contains("could not be looked for by id"), "\(ended.message)")
            #expect(ended.message.contains("(\(code))"), "\(ended.message)")
            #expect(ended.message.contains("\nhint: "))
        }
        #expect(try site.saved().people == before.people)
    }
}

/// Faults that begin at a moment of the test's choosing.
private final class Switch: Sendable {
    private let moment = Count()

    func turnOn() { _ = moment.next() }

    func on(_ fault: LDAPFault) -> LDAPFault {
        var gated = fault
        if let change = fault.onRequest { gated.onRequest = gate(change) }
        if let change = fault.onResponse { gated.onResponse = gate(change) }
        return gated
    }

    private func gate(_ change: @escaping LDAPFault.Change) -> LDAPFault.Change {
        { message, exchange in self.moment.current == 0 ? [.pass(message)] : change(message, exchange) }
    }
}

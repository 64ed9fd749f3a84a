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

    // MARK: The confirmation

    /// Three nights after two people were deleted, through faults at the search for them by id; `check` looks at each.
    private func confirm(
        _ faults: @escaping @Sendable () -> [LDAPFault], _ check: (Site, Child.Ended) throws -> Void
    ) throws -> (site: Site, before: SavedState) {
        let stub = try ADStub(ProtocolFault.domain(), options: ProtocolFaultTests.options)
        var site = try Site(activeDirectory: stub.url)
        let before = try site.prepare()
        for person in ["p1", "p4"] { stub.change { $0.delete("CN=\(person),\(ProtocolFault.people)") } }
        var url = stub.url
        for hour in [24, 48, 72] {
            let proxy = try LDAPProxy(to: stub.port, faults())
            try site.replace(url, with: proxy.url)
            url = proxy.url
            site.hour = hour
            try check(site, try site.sync(within: 4))
            withExtendedLifetime(proxy) {}
        }
        return (site, before)
    }

    /// An answer that ends in a code proves nobody's absence, on no night, and ends the run.
    @Test(
        arguments: Figures.isSoak
            ? [1, 2, 3, 4, 7, 8, 10, 11, 12, 13, 14, 48, 49, 51, 52, 53, 54, 80, 4096] : [4, 49, 51, 53])
    func codeAtTheConfirmationProvesNobodyGone(code: Int) throws {
        let (site, before) = try confirm {
            [.result(code, text: "as tested", at: .done(scope: 2, base: ProtocolFault.suffix))]
        } _: { site, ended in
            // Codes that may pass, and those that will not.
            #expect(ended.status == ([1, 51, 52, 80].contains(code) ? 69 : 4), "\(ended.message)")
            #expect(ended.message.contains("could not be looked for by id"), "\(ended.message)")
            #expect(ended.message.contains("(\(code))") && ended.message.contains("\nhint: "), "\(ended.message)")
        }
        #expect(try site.saved() == before)
    }

    /// What the account may not see of the suffix leaves open where somebody is; the bases are read all the same.
    @Test(arguments: [32, 50]) func suffixThatIsClosedToTheAccountLeavesAbsenceOpen(code: Int) throws {
        let (site, before) = try confirm {
            [.result(code, text: "as tested", at: .done(scope: 2, base: ProtocolFault.suffix))]
        } _: { site, ended in
            #expect(ended.status == 0, "\(ended.message)")
            let findings = try site.run(["findings"]).text
            #expect(findings.contains("user.absence-unconfirmed"), "\(findings)")
        }
        #expect(try site.saved().people == before.people)
    }

    @Test(arguments: ProtocolFault.confirmations)
    func faultAtTheConfirmationProvesNobodyGone(_ fault: ProtocolFault) throws {
        let (site, before) = try confirm(fault.faults) { site, ended in
            #expect(ended.status == fault.status, "\(ended.message)")
            #expect(ended.message.contains(fault.says), "\(ended.message)")
            #expect(ended.message.hasPrefix("error: directory `corp`: ") && ended.message.contains("\nhint: "))
        }
        #expect(try site.saved() == before)
        #expect(try site.litter() == [])
    }

    // MARK: Attributes hidden on a part

    /// Limits that four hundred people keep on a busy machine.
    private static let patient = "connect: 10s, idle: 10s, pull: 30s"

    /// Three nights in which one in so many entries of a branch does not show an attribute, after one that saw everything: four hundred users, of whom
    /// a third is disabled.
    private func hide(
        _ attribute: String, every: Int, under branch: String, _ check: (Site, Child.Ended, SavedState) throws -> Void
    ) throws {
        let stub = try ADStub(ProtocolFault.domain(people: 400))
        stub.change { domain in
            let all = (0..<400).map { "CN=p\($0),\(ProtocolFault.people)" }
            domain.set("CN=support,\(ProtocolFault.groups)", "member", all)
            for number in 0..<400 where number % 3 == 2 { domain.set(all[number], "userAccountControl", ["514"]) }
        }
        var site = try Site(activeDirectory: stub.url, timeouts: ProtocolFaultTests.patient)
        let before = try site.prepare()
        var url = stub.url
        for hour in [24, 48, 72] {
            let proxy = try LDAPProxy(to: stub.port, .hide(attribute, every: every, under: branch))
            try site.replace(url, with: proxy.url)
            url = proxy.url
            site.hour = hour
            let ended = try site.sync(within: 30)
            try check(site, ended, before)
            #expect(try site.saved().people == before.people, "\(ended.text)\(ended.message)")
            withExtendedLifetime(proxy) {}
        }
    }

    /// What an access rule, or a replica, no longer shows of some entries: of 5 % the run stops, and of 1 %, which may be an edit,
    /// nobody loses anything by it, nor comes back.
    @Test(arguments: ["mail", "userAccountControl"], [20, 100])
    func attributeHiddenOnAPartHarmsNobody(attribute: String, every: Int) throws {
        try hide(attribute, every: every, under: ProtocolFault.people) { site, ended, before in
            guard every == 20 else { return }
            #expect(ended.status == 4, "\(ended.message)")
            #expect(ended.message.contains(attribute) && ended.message.contains("\nhint: "), "\(ended.message)")
            let after = try site.saved()
            #expect(after == before)
        }
    }

    /// Whoever is shown without an id is set aside: then nobody who is missing can be told to be gone.
    @Test(arguments: [20, 100]) func idHiddenOnAPartHarmsNobody(every: Int) throws {
        try hide("objectGUID", every: every, under: ProtocolFault.people) { site, ended, _ in
            #expect(ended.status == 0, "\(ended.message)")
            let findings = try site.run(["findings"]).text
            #expect(findings.contains("user.absence-unconfirmed"), "\(findings)")
        }
    }

    /// The members of every third group are not shown.
    @Test func membersHiddenOnAPartHarmNobody() throws {
        try hide("member", every: 3, under: ProtocolFault.groups) { site, ended, before in
            #expect(ended.status == 4, "\(ended.text)\(ended.message)")
            let after = try site.saved()
            #expect(after == before)
        }
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

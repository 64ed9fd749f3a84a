import DirectoryModel
import DirectorySources
import LDAPClient
import TestSupport
import Testing

/// Every result code at every place where a server may send one: nothing is taken for whole, and the code is named.
struct ResultCodeTests {
    /// Where the code comes.
    enum Place: String, CaseIterable {
        case bind, firstPage, thirdPage, groups, confirmation
    }

    struct Case: CustomTestStringConvertible, Sendable {
        var code: Int
        var place: Place
        var testDescription: String { "code \(code) at \(place.rawValue)" }

        var fault: LDAPFault {
            switch place {
            case .bind: .result(code, text: "as tested", at: .bind)
            case .firstPage: .result(code, text: "as tested", at: .done(1, under: FaultCase.peopleBase))
            case .thirdPage: .result(code, text: "as tested", at: .done(3, under: FaultCase.peopleBase))
            case .groups: .result(code, text: "as tested", at: .done(1, under: FaultCase.groupBase))
            case .confirmation: .result(code, text: "as tested", at: .done(scope: 2, base: "dc=example,dc=org"))
            }
        }
    }

    static let codes = [1, 2, 3, 4, 7, 8, 10, 11, 12, 13, 14, 32, 48, 49, 50, 51, 52, 53, 54, 80, 4096]

    static var cases: [Case] {
        let all = codes.flatMap { code in Place.allCases.map { Case(code: code, place: $0) } }
        return stride(from: 0, to: all.count, by: Figures.of(3, soak: 1)).map { all[$0] }
    }

    /// Codes after which the same may go well later.
    private static let passing: Set = [1, 51, 52, 80]

    @Test(arguments: cases)
    func codeIsNeverTakenForAnAnswer(_ fault: Case) throws {
        guard fault.place != .confirmation else { return try confirm(fault) }
        let ended = try FaultBench.pull([fault.fault])
        let isPassing = ResultCodeTests.passing.contains(fault.code)
        let kind: PullFailure.Kind =
            switch fault.place {
            case .bind: [51, 52].contains(fault.code) ? .unreachable : .refused
            default: isPassing ? .unreachable : .incomplete
            }
        ended.expect(kind, "(\(fault.code))")
        #expect(ended.proxy.connections == 1)
        if fault.place == .bind {
            #expect(ended.proxy.requests.filter { $0.kind == .bindRequest }.count == 1)
            #expect(!ended.proxy.requests.contains { $0.search?.base == FaultCase.peopleBase })
        }
    }

    /// A read by id that ends in a code proves nobody's absence.
    private func confirm(_ fault: Case) throws {
        let proxy = try LDAPProxy(to: try FaultBench.shared.get().port, fault.fault)
        let source = try FaultBench.source([proxy.url])
        _ = try source.completePull()
        let gone = try #require(ImmutableID(text: SampleCompany.id(999)))
        let there = try #require(ImmutableID(text: SampleCompany.id(1000)))
        switch source.confirmAbsence(of: [gone], knownPresent: there) {
        case .answered(let findings): #expect(findings == [.unknown])
        case .failed(let failure): #expect(failure.message.contains("(\(fault.code))"), "\(failure.message)")
        }
    }
}

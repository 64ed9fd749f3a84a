import DirectoryModel
import LDAPClient
import TestSupport
import Testing

@testable import DirectorySources

/// Examinations of servers of tests.
enum DoctorBench {
    static let now: Int64 = 1_795_227_300
    static let timeouts = Timeouts(connect: .seconds(3), idle: .seconds(5), pull: .seconds(60))

    static func request(
        _ urls: [String], _ bind: BindMethod = .anonymous, tls: TLSSettings = TLSSettings(mode: .none),
        timeouts: Timeouts = timeouts, source: SourceSettings? = nil
    ) -> ExaminationRequest {
        ExaminationRequest(
            name: "corp", urls: urls.compactMap { LDAPURL($0) },
            connection: ConnectionSettings(tls: tls, timeouts: timeouts), account: BindAccount(bind), source: source,
            now: now)
    }

    static func examine(
        _ url: String, _ bind: BindMethod = .anonymous, tls: TLSSettings = TLSSettings(mode: .none),
        timeouts: Timeouts = timeouts, source: SourceSettings? = nil, through last: ExaminationStep = .rights
    ) -> Examination {
        DirectoryDoctor(request([url], bind, tls: tls, timeouts: timeouts, source: source)).examine(through: last)
    }
}

extension Examination {
    /// The steps that are bad, with the kind of failure where it is one: `tls tls-expired`.
    var failures: [String] {
        steps.flatMap { step in
            step.ailments.filter { $0.weight == .bad }.map { ailment in
                if case .failed(let cause, _) = ailment { return "\(step.step.rawValue) \(cause.rawValue)" }
                return step.step.rawValue
            }
        }
    }

    var skipped: [ExaminationStep] { steps.filter { $0.verdict == .skipped }.map(\.step) }

    func warnings(of step: ExaminationStep) -> [Ailment] { self[step]?.ailments ?? [] }
}

import DirectoryModel
import Reconciliation

/// What a finding is about, so that the next night knows it again: code and subject, not the words, and no counts.
enum FindingKey {
    static func of(_ finding: Finding) -> String {
        if let person = finding.person { return "\(finding.code) \(person.directory) \(person.id)" }
        return "\(finding.code) \(finding.label.isEmpty ? subject(of: finding.message) : finding.label)"
    }

    /// Findings that the newest nightly run that looked at the target and did not fail does not have.
    ///
    /// Where that run was held, nor the newest one that was not: what a damaged directory hid for a night is no news after it.
    /// Acts by hand and imports look for no findings, so they make none new.
    static func new(_ plans: [TargetPlan], since runs: [RunRecord]) -> [TargetFinding] {
        plans.flatMap { plan -> [TargetFinding] in
            let nights = runs.lazy.filter { isNightly($0) && $0.outcome != .failed }.compactMap { run in
                run.targets.first { $0.target == plan.target }
            }
            let whole = nights.filter { !$0.isPart }
            let since = nights.prefix { $0.isPart }
            let known = Set(whole.first?.findingKeys ?? []).union(whole.first { !$0.held }?.findingKeys ?? [])
                .union(since.flatMap(\.findingKeys))
            return plan.findings.filter { !known.contains(of($0)) }.map {
                TargetFinding(target: plan.target, finding: $0)
            }
        }
    }

    static func isNightly(_ run: RunRecord) -> Bool { run.isRegular }

    /// The names in a message, which stand in backticks; a message without any, but for its numbers.
    ///
    /// `rule … wins (6 people) (mappings/vivi.yaml:46)` is the same finding with 4 people, or a line further down.
    private static func subject(of message: String) -> String {
        let parts = message.utf8.split(separator: UInt8(ascii: "`"), omittingEmptySubsequences: false)
        let names = parts.enumerated().filter { $0.offset % 2 == 1 }.map { String(Substring($0.element)) }
        if !names.isEmpty { return names.joined(separator: " ") }
        return String(decoding: message.utf8.filter { !(0x30...0x39).contains($0) }, as: UTF8.self)
    }
}

import Diagnostics
import Reports

/// A condition under which a comparison fails: `privileged_gain>0`.
package struct Threshold: Sendable, Equatable {
    package enum Relation: String, Sendable, Equatable { case above = ">", atLeast = ">=" }
    package var name: String
    package var relation: Relation
    package var count: Int

    /// Reads `privileged_gain>0,lose_access>=10`; throws wrong usage.
    package static func list(_ text: String) throws(AgentFailure) -> [Threshold] {
        var found: [Threshold] = []
        for part in text.utf8.split(separator: UInt8(ascii: ",")) {
            found.append(try one(String(Substring(part)).utf8.filter { $0 != 0x20 }))
        }
        guard !found.isEmpty else {
            throw AgentFailure(
                .usage, "`--fail-on` names nothing",
                hint: "write it like `--fail-on 'privileged_gain>0,lose_access>10'`")
        }
        return found
    }

    private static func one(_ text: [UInt8]) throws(AgentFailure) -> Threshold {
        let shown = String(decoding: text, as: UTF8.self)
        guard let sign = text.firstIndex(of: UInt8(ascii: ">")) else {
            throw AgentFailure(
                .usage, "`\(shown)` is no threshold",
                hint: "write a name, `>` or `>=`, and a number, within quotes: `--fail-on 'lose_access>10'`")
        }
        var rest = text[(sign + 1)...]
        let isOpen = rest.first == UInt8(ascii: "=")
        if isOpen { rest = rest.dropFirst() }
        let name = String(decoding: text[..<sign], as: UTF8.self)
        guard let count = WholeNumber.parse(String(decoding: rest, as: UTF8.self)), count >= 0 else {
            throw AgentFailure(
                .usage, "`\(shown)` is no threshold: what stands behind `>` is no number",
                hint: "write it like `--fail-on 'lose_access>10'`")
        }
        guard ComparisonCounts.names.contains(name) else {
            throw AgentFailure(
                .usage, "`\(name)` is nothing that a comparison counts",
                hint: NearestName.of(name, in: ComparisonCounts.names).map { "did you mean `\($0)`?" }
                    ?? "there are \(ComparisonCounts.names.joined(separator: ", "))")
        }
        return Threshold(name: name, relation: isOpen ? .atLeast : .above, count: count)
    }

    /// Whether so many are too many.
    package func isExceeded(by count: Int) -> Bool { relation == .above ? count > self.count : count >= self.count }

    /// `lose_access is 12, and fails above 10`.
    package func sentence(_ count: Int) -> String {
        "\(name) is \(count), and fails \(relation == .above ? "above" : "at") \(self.count)"
    }
}

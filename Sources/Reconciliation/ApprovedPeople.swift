import AccessModel
import DirectoryModel

/// Everybody whom the guards count in one plan, with what each uses of an approval.
///
/// Approvals are handed out once, in the order of the plan, so that what is counted, held, spent and remembered agree.
/// For gains of privileges that was done when they were withheld.
struct ApprovedPeople {
    struct Person {
        var key: PersonKey
        /// Nil for whom no approval covers.
        var use: ApprovalUse?
        /// Whether the gain does not come about.
        var isWithheld: Bool
    }

    /// By kind, in the order of the plan, each once.
    private(set) var people: [GuardKind: [Person]] = [:]

    init(_ writer: PlanWriter, _ ledger: ApprovalLedger) {
        var ledger = ledger
        let planning = writer.planning
        for kind in Guards.counted {
            for (index, key) in ApprovedPeople.counted(kind, in: writer) {
                let isGain = kind == .privilegedGain
                people[kind, default: []].append(
                    Person(
                        key: key,
                        use: isGain ? planning.approvedGains[index] : ledger.take(key.id, kind),
                        isWithheld: isGain && planning.cases[index].flags.contains(.withheld)))
            }
        }
    }

    private static func counted(_ kind: GuardKind, in writer: PlanWriter) -> [(index: Int, key: PersonKey)] {
        var found: [(place: UInt32, index: Int, key: PersonKey)] = []
        for index in writer.planning.counted[kind] ?? [] {
            let place = writer.subjectOfCase[index] ?? UInt32.max
            found.append((place, index, writer.planning.key(of: writer.planning.cases[index])))
        }
        found.sort { $0.place == $1.place ? $0.key < $1.key : $0.place < $1.place }
        return found.map { ($0.index, $0.key) }
    }
}

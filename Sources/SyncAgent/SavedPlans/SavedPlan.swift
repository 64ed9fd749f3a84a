import Diagnostics
import DirectoryModel
import MappingLanguage
import Reconciliation
import Reports

/// Plans in a file, to be looked at by day and applied by night: the documented JSON of a plan, everything that applying it
/// needs under `apply`, and a digest of the whole.
struct SavedPlan {
    var basis: PlanBasis
    var plans: [TargetPlan]

    private static let digestKey = "  \"digest\": \""
    private static let applyKey = "\n  \"apply\": "
    /// What stands behind the digest's digits.
    private static let ending = "\"\n}\n"

    init(basis: PlanBasis, plans: [TargetPlan]) {
        self.basis = basis
        self.plans = plans
    }

    // Writing.

    func bytes(_ report: PlanReport) -> [UInt8] {
        var bytes: [UInt8] = []
        var json = PlanJSON(report, changesAtMost: Int.max)
        json.attachment = { writer in
            writer.key("apply")
            var printer = PlanPrinter(writer)
            var saved = self
            // A printer never fails.
            try? printer.code(&saved)
            writer = printer.json
            writer.key("digest")
            writer.value("")
        }
        json.write { bytes.append(contentsOf: $0) }
        bytes.removeLast(SavedPlan.ending.utf8.count)
        let body = bytes.dropLast(SavedPlan.digestKey.utf8.count)
        return bytes + Array(ContentDigest.of(body).utf8) + Array(SavedPlan.ending.utf8)
    }

    // Reading.

    /// Throws `AgentFailure` for anything but a file that was written by this and not changed.
    init(_ bytes: [UInt8], path: String) throws(AgentFailure) {
        let tail = SavedPlan.digestKey.utf8.count + 64 + SavedPlan.ending.utf8.count
        guard bytes.count > tail, bytes.starts(with: "{\n  \"format\": \"\(PlanJSON.format)\"".utf8),
            bytes.suffix(SavedPlan.ending.utf8.count).elementsEqual(SavedPlan.ending.utf8),
            bytes[(bytes.count - tail)...].starts(with: SavedPlan.digestKey.utf8)
        else {
            throw AgentFailure(
                .badData, "`\(path)` is not a plan that `rollcall plan --out` saved",
                hint: "save one with `rollcall plan --out FILE`, and leave it as it is")
        }
        let digits = bytes[(bytes.count - SavedPlan.ending.utf8.count - 64)...].prefix(64)
        guard ContentDigest.of(bytes.dropLast(tail)).utf8.elementsEqual(digits) else {
            throw AgentFailure(
                .badData, "`\(path)` was changed since it was saved",
                hint: "a plan is applied as it is or not at all: plan anew")
        }
        guard let start = SavedPlan.place(of: SavedPlan.applyKey, in: bytes) else {
            throw AgentFailure(.badData, "`\(path)` has nothing to apply", hint: "plan anew")
        }
        basis = PlanBasis(generation: 0, run: 0, time: 0, version: "", pins: [], targets: [])
        plans = []
        var scanner = PlanScanner(bytes, from: start)
        do throws(PlanFault) {
            try scanner.code(&self)
        } catch {
            throw AgentFailure(
                .badData, "`\(path)` cannot be read from byte \(error.offset) on",
                hint: "it was not written by this version of Rollcall: plan anew")
        }
    }

    /// Where the value of the key begins; the last one, since texts before it cannot hold a line break.
    private static func place(of key: String, in bytes: [UInt8]) -> Int? {
        let key = Array(key.utf8)
        var start = bytes.count - key.count
        return bytes.withUnsafeBufferPointer { bytes in
            while start >= 0 {
                if bytes[start] == key[0], bytes[start..<(start + key.count)].elementsEqual(key) {
                    return start + key.count
                }
                start -= 1
            }
            return nil
        }
    }

    // Applying.

    /// What references mean afterwards: as planned for the targets that are written, as it is now for all others.
    func pins(over now: [GroupPin]) -> [GroupPin] {
        let written = Set(plans.filter { !$0.keepsPins }.map(\.target))
        return (now.filter { !written.contains($0.target) } + basis.pins.filter { written.contains($0.target) }).inOrder
    }

    /// The plans as run `number` would have made them, where it applies them at `now`, seconds since 1970.
    func plans(asRun number: Int64, now: Int64) -> [TargetPlan] {
        let (old, new) = ("run \(basis.run)", "run \(number)")
        return plans.map { plan in
            var plan = plan
            if plan.baseline != nil { plan.baseline?.run = number }
            for index in plan.guardCounts.indices {
                plan.guardCounts[index].run = number
                plan.guardCounts[index].time = now
            }
            for (place, details) in plan.details {
                var details = details
                for index in details.causes.indices where details.causes[index].by == old {
                    details.causes[index].by = new
                }
                plan.details[place] = details
            }
            return plan
        }
    }
}

extension PlanCoder {
    mutating func code(_ saved: inout SavedPlan) throws(PlanFault) {
        try begin(.object)
        try key("generation")
        try code(&saved.basis.generation)
        try key("run")
        try code(&saved.basis.run)
        try key("time")
        try code(&saved.basis.time)
        try key("version")
        try code(&saved.basis.version)
        try key("pins")
        let none = GroupPin(target: "", reference: "", key: GroupKey(directory: "", id: .zero), name: "", dn: "")
        try list(&saved.basis.pins, empty: none) { (coder, pin) throws(PlanFault) in
            try coder.begin(.list)
            try coder.code(&pin.target)
            try coder.code(&pin.reference)
            try coder.code(&pin.key.directory, &pin.key.id)
            try coder.code(&pin.name)
            try coder.code(&pin.dn)
            try coder.end(.list)
        }
        try key("moves")
        let nobody = IdentityMove(
            from: PersonKey(directory: "", id: .zero), to: PersonKey(directory: "", id: .zero))
        try list(&saved.basis.moves, empty: nobody) { (coder, move) throws(PlanFault) in
            try coder.begin(.list)
            try coder.code(&move.from.directory, &move.from.id)
            try coder.code(&move.to.directory, &move.to.id)
            try coder.end(.list)
        }
        try key("targets")
        let target = PlanBasis.Target(name: "", fingerprints: [:], baselineRun: nil, line: "")
        try list(&saved.basis.targets, empty: target) { (coder, target) throws(PlanFault) in
            try coder.begin(.list)
            try coder.code(&target.name)
            try coder.code(&target.fingerprints, empty: "") { (coder, digest) throws(PlanFault) in
                try coder.code(&digest)
            }
            try coder.code(&target.baselineRun)
            try coder.code(&target.line)
            try coder.end(.list)
        }
        try key("plans")
        try list(&saved.plans, empty: TargetPlan(target: "", mode: .observe)) { (coder, plan) throws(PlanFault) in
            try coder.code(&plan)
        }
        try end(.object)
    }
}

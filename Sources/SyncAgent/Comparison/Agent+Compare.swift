import AccessModel
import Diagnostics
import DirectoryModel
import MappingLanguage
import Reconciliation

extension Agent {
    /// What changed files, or another email domain, would do to people; nothing is written and no directory asked.
    ///
    /// Both sides are settled: who is given what once every night of it is through, whatever limits and pace say.
    package func compare(_ request: ComparisonRequest) throws(AgentFailure) -> ComparisonResult {
        let sides = try ComparisonSides.read(request, configuration: configurationPath, now: context.clock())
        // Two checkouts are compared by the roster of the configuration that is in force.
        let home = try request.source == .roster ? configuration() : sides.new.configuration
        let snapshot = try snapshot(request.source, home, accountsOf: sides.new.targets.map(\.settings.name))
        let renaming = EmailRenaming(request.domains)
        let mirror = request.domains.isEmpty ? snapshot.mirror : renaming.mirror(snapshot.mirror)
        var result = ComparisonResult(
            plans: [], newFindings: [], old: request.files?.old ?? "the configuration",
            new: request.files?.new ?? "the configuration", time: snapshot.time, run: snapshot.run,
            people: snapshot.mirror.people.count, groups: snapshot.mirror.groups.count,
            isPseudonymous: snapshot.isPseudonymous, notes: [], version: context.version)
        result.notes = notes(request, sides, snapshot)
        if !request.domains.isEmpty {
            result.notes += renaming.notes(snapshot.mirror, sides.new.configuration)
            result.old = request.domains.map { "@\($0.old)" }.joined(separator: ", ")
            result.new = request.domains.map { "@\($0.new)" }.joined(separator: ", ")
        }
        let names = try selected(request.targets, of: (sides.old.targets + sides.new.targets).map(\.settings.name))
        for target in sides.new.targets where names.contains(target.settings.name) {
            let before = sides.old.target(named: target.settings.name)
            ports.progress(.evaluating(target: target.settings.name))
            let old = try before.map { target throws(AgentFailure) in
                try ComparedTarget(target, snapshot, snapshot.mirror, isOld: true)
            }
            let new = try ComparedTarget(target, snapshot, mirror, isOld: false)
            ports.progress(.reconciling(target: target.settings.name))
            let (plan, standing) = ComparedTarget.plan(from: old, to: new)
            result.add(plan, standing)
            result.notes += new.notes
        }
        result.namesInLine = mirror.namesInLine(of: result.plans)
        return result
    }

    func snapshot(
        _ source: ComparisonRequest.Source, _ configuration: AgentConfiguration, accountsOf targets: [String] = []
    ) throws(AgentFailure) -> Snapshot {
        switch source {
        case .roster: try lastSnapshot(configuration, accountsOf: targets)
        case .file(let path): try SnapshotReader.read(path)
        }
    }

    private func notes(
        _ request: ComparisonRequest, _ sides: ComparisonSides, _ snapshot: Snapshot
    ) -> [String] {
        var notes: [String] = []
        let kept = Set(sides.new.targets.map(\.settings.name))
        for target in sides.old.targets where !kept.contains(target.settings.name) {
            notes.append(
                "target `\(target.settings.name)` is only in the old configuration: its users would be left as they are, "
                    + "and nobody would look after them")
        }
        let known = Set(sides.old.targets.map(\.settings.name))
        for target in sides.new.targets where !known.contains(target.settings.name) {
            notes.append(
                "target `\(target.settings.name)` is only in the new configuration: everybody in it is a joiner")
        }
        let fingerprint = { (files: AgentFiles) in
            files.targets.first?.settings.fingerprints.first { $0.key.hasSuffix("(directories)") }?.value
        }
        if fingerprint(sides.old) != fingerprint(sides.new) {
            notes.append(
                "the sections about directories differ: whom other bases or filters would find is not known before a run "
                    + "reads the directory, so people and groups are as the last run read them")
        }
        let read = Set(snapshot.mirror.directories)
        for directory in sides.new.configuration.directories where !read.contains(directory.name) {
            notes.append(
                "directory `\(directory.name)` is not among those that were read, so nothing is known of its people")
        }
        if snapshot.isPseudonymous {
            notes.append(
                "people are pseudonyms: rules by a person's `id`, and `protect` by email or id, match nobody here")
        }
        return notes
    }
}

extension ComparisonResult {
    /// Adds a target's plan; findings that stood before the change are not its business.
    fileprivate mutating func add(_ plan: TargetPlan, _ standing: [Finding]) {
        let known = Set(standing.map(FindingKey.of))
        var plan = plan
        plan.findings = plan.findings.filter { !known.contains(FindingKey.of($0)) }
        newFindings += plan.findings.map { TargetFinding(target: plan.target, finding: $0) }
        plans.append(plan)
    }
}

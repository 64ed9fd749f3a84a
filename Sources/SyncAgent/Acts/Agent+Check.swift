import Diagnostics
import DirectoryModel
import MappingLanguage
import Reconciliation

extension Agent {
    /// Every error and warning of every file; online also what the directories say of the mapped groups.
    ///
    /// Otherwise what is odd in view of the last run, or of a snapshot.
    package func check(_ reach: CheckReach, snapshot: String? = nil) -> CheckReport {
        var reader = FilesReader(path: configurationPath, now: context.clock(), connects: snapshot == nil)
        reader.opensDirectories = reader.connects
        let files = reader.read()?.files
        var report = CheckReport(
            diagnostics: reader.problems.diagnostics, groups: [], failures: [], files: files?.paths ?? [],
            status: reader.problems.status ?? .done)
        if let files, report.status == .done {
            checkCoverage(files, reach, into: &report)
            report.notes += files.targets.compactMap(\.lackOfLock)
            if reach == .files { lint(files, snapshot: snapshot, into: &report) }
        }
        guard reach == .online, report.status == .done, let files else { return report }
        var attributes = AttributeCheck(reader.mentions)
        checkSchemas(files, &attributes)
        checkOnline(files, &attributes, into: &report)
        for warning in attributes.warnings { report.diagnostics.append(warning) }
        return report
    }

    /// Warns of approvals that name people whom nobody knows, once there is a roster, or a directory was asked.
    private func checkCoverage(_ files: AgentFiles, _ reach: CheckReach, into report: inout CheckReport) {
        guard files.approvals.contains(where: { !$0.people.isEmpty }) else { return }
        var seen = reach == .online ? try? pull(files) : nil
        var rosters: [TargetRoster] = []
        let configuration = files.configuration
        if InputFile.exists(configuration.rosterPath),
            let open = try? ports.openRoster(
                RosterLocation(path: configuration.rosterPath, access: .reading, readers: configuration.readers))
        {
            defer { open.close() }
            rosters = (try? open.store.load(targets: files.targets.map(\.settings.name)).targets) ?? []
            if seen == nil { seen = try? open.lastMirror() }
        }
        guard let seen else { return }
        for coverage in ApprovalCoverage.lacking(files.approvals, seen, rosters, now: context.clock()) {
            report.diagnostics.warning(
                "approval.unknown-people", at: files.approvalPlaces[coverage.approval.file],
                "the approval \(coverage.sentence)", hint: ApprovalCoverage.hint)
        }
    }

    /// A directory that does not answer is told of by the pull, which comes next.
    private func checkSchemas(_ files: AgentFiles, _ attributes: inout AttributeCheck) {
        let secrets = context.secrets(files.configuration)
        for directory in files.configuration.directories {
            guard let source = try? ports.openDirectory(directory, secrets) else { continue }
            defer { source.close() }
            guard let known = try? source.knownAttributes() else { continue }
            attributes.check(directory.name, known: known)
        }
    }

    private func checkOnline(
        _ files: AgentFiles, _ attributes: inout AttributeCheck, into report: inout CheckReport
    ) {
        let mirror: Mirror
        do {
            mirror = try pull(files, attributes: files.configuration.directories.flatMap(\.trustedAttributes))
            attributes.check(mirror)
        } catch {
            report.failures = [error]
            report.status = error.status
            return
        }
        lintTemplates(files, into: &report)
        for target in files.targets {
            TargetLint(target, mirror).warn(absences: false, into: &report.diagnostics)
            do throws(MappingRunError) {
                let trust: GroupTrust = target.lock.map { .locked($0) } ?? .pinned([])
                let compiled = try CompiledMapping(target.mapping, mirror: mirror, trust: trust)
                let population = compiled.population(in: MembershipGraph(mirror))
                for (place, group) in compiled.groups.enumerated() {
                    let people = population.count(ofGroup: place)
                    report.groups.append(
                        CheckedGroup(
                            target: target.settings.name, name: group.name, dn: group.dn, people: people,
                            problem: Agent.problem(of: group, people: people)))
                }
            } catch {
                for problem in error.problems {
                    report.diagnostics.error(problem.code, at: problem.position, problem.message, hint: problem.hint)
                }
                report.status = .badData
            }
        }
    }

    private static func problem(of group: MappedGroup, people: Int) -> String {
        switch group.standing {
        case .found: people == 0 ? "it has no members" : ""
        case .renamed(let before): "it was called `\(before)` when it was locked"
        case .vanished: "it is locked, and no longer in the directory"
        case .recreated: "it is not the locked one: it was deleted and made again"
        case .notLocked: "it does not stand in the lock file, so it gives nothing"
        }
    }

    /// One mirror of all directories, for commands that only look.
    ///
    /// `attributes` are read besides those that rules ask for.
    func pull(_ files: AgentFiles, attributes more: [String] = []) throws(AgentFailure) -> Mirror {
        try translating { () throws -> Mirror in
            let stage = PullStage(ports: ports, secrets: context.secrets(files.configuration))
            defer { stage.close() }
            let attributes = Set(files.targets.flatMap(\.mapping.attributes) + more)
                .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
            return try stage.pull(files.configuration.directories, attributes: attributes, lastStamps: [:])
        }
    }

    /// Runs the mapping tests; no directory is needed.
    ///
    /// With a snapshot, groups that rules name and that it does not have are told, too.
    package func test(snapshot path: String? = nil) throws(AgentFailure) -> TestReport {
        let files = try files()
        let mirror = try path.map { path throws(AgentFailure) in try SnapshotReader.read(path).mirror }
        return TestReport(
            targets: files.targets.map { target in
                var result = TestReport.Target(
                    name: target.settings.name, file: target.mapping.file, run: MappingTestRun(target.mapping),
                    rules: target.mapping.rules.count)
                result.lacking = mirror.map { mirror in
                    MirrorLint(target.mapping, mirror: mirror, lock: target.lock).findings.filter {
                        ["mapping.group-absent", "mapping.group-ambiguous"].contains($0.code)
                    }
                }
                return result
            })
    }
}

extension TargetFiles {
    /// That privileged rules wait for the lock file; nil where nothing does.
    fileprivate var lackOfLock: String? {
        let count = lock == nil ? mapping.rules.count(where: \.isPrivileged) : 0
        guard count > 0 else { return nil }
        let rules = count == 1 ? "1 privileged rule gives" : "\(count) privileged rules give"
        return "target `\(settings.name)`: \(rules) nothing before there is a lock file: `rollcall lock` writes it"
    }
}

package import Diagnostics
package import MappingLanguage
package import Reconciliation

/// Everything that a run reads from files, valid: the configuration, and each target with platform, mapping and lock.
package struct AgentFiles: Sendable {
    package var configuration: AgentConfiguration
    /// In the order of the configuration.
    package var targets: [TargetFiles]
    /// Sorted by file.
    package var approvals: [Approval]
    /// Warnings; a run goes on with them.
    package var diagnostics: DiagnosticList
    /// Paths of all files read, in order.
    package var paths: [String]
    /// Those that anybody can write, or put another in the place of.
    package var openToAnybody: [OpenFile]
    /// Where each approval names its people, by file.
    package var approvalPlaces: [String: SourcePosition]

    package init(
        configuration: AgentConfiguration, targets: [TargetFiles], approvals: [Approval], diagnostics: DiagnosticList,
        paths: [String], openToAnybody: [OpenFile] = [], approvalPlaces: [String: SourcePosition] = [:]
    ) {
        self.configuration = configuration
        self.targets = targets
        self.approvals = approvals
        self.diagnostics = diagnostics
        self.paths = paths
        self.openToAnybody = openToAnybody
        self.approvalPlaces = approvalPlaces
    }

    package func target(named name: String) -> TargetFiles? { targets.first { $0.settings.name == name } }
}

/// One target with everything that its files say.
package struct TargetFiles: Sendable {
    package var settings: TargetSettings
    package var mapping: Mapping
    /// The mapping file as plans and the roster call it, the same wherever the command was given: `mappings/vivi.yaml`.
    package var mappingName: String
    /// Nil where there is no lock file.
    package var lock: GroupLock?
    /// Path of the lock file, there or not.
    package var lockPath: String
    /// Digests of what only limits a plan, by the name under which humans know it: an edit of it halves no limit.
    package var limitingFingerprints: [String: String]
    /// How one person in several directories is recognized.
    package var samePerson: SamePerson?

    package init(
        settings: TargetSettings, mapping: Mapping, mappingName: String, lock: GroupLock?, lockPath: String,
        limitingFingerprints: [String: String] = [:]
    ) {
        self.settings = settings
        self.mapping = mapping
        self.mappingName = mappingName
        self.lock = lock
        self.lockPath = lockPath
        self.limitingFingerprints = limitingFingerprints
    }
}

extension AgentFiles {
    /// The approvals, with what earlier runs used of them.
    package func approvals(notUsedIn roster: Roster) -> [Approval] {
        approvals.map { approval in
            var approval = approval
            approval.used = roster.approvalsUsed[approval.digest] ?? [:]
            return approval
        }
    }
}

extension [Approval] {
    /// What a target of a run uses is not there for the next one.
    ///
    /// How far the directory or a group shrank is one fact, which every target sees by itself.
    mutating func spend(_ uses: [ApprovalUse]) {
        for use in uses where !use.allowed.isShared {
            for place in indices where self[place].digest == use.digest {
                self[place].used[use.allowed, default: 0] += use.count
            }
        }
    }
}

extension TargetFiles {
    /// Everything that a saved plan rests on.
    var planFingerprints: [String: String] { settings.fingerprints.merging(limitingFingerprints) { $1 } }

    /// The rules as reasons name them.
    package var ruleLabels: [RuleLabel] {
        mapping.rules.map { RuleLabel(name: $0.name, place: "\(mappingName):\($0.position.line)") }
    }
}

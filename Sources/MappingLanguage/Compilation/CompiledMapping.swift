package import DirectoryModel

/// A mapping whose references are resolved against one mirror: ready to be evaluated over its memberships.
package struct CompiledMapping: Sendable {
    package let mapping: Mapping
    /// Every group that rules name, sorted by key.
    package let groups: [MappedGroup]
    /// By rule, then captured word, then group.
    package let instances: [RuleInstance]
    /// What each instance gives, by its place; nil where it gives nothing (a finding says why).
    package let gifts: [InstanceGift?]
    package let findings: [MappingFinding]
    /// What the references mean now: to be remembered where there is no lock file; empty with one.
    package let pins: [KnownGroup]
    let conditions: [BoundCondition]
    let tests: [RecordTest]
    /// Instances of which a group is not locked.
    let isWaiting: [Bool]
    /// Conditions of the policy's own causes, in its order.
    let causes: [BoundCondition]
    /// Place of the pilot's group; past the end where it may not be believed, so that nobody takes part.
    let pilot: Int?

    /// Throws every absent and every ambiguous reference at once.
    ///
    /// Groups of directories in `neverRead`, of which nothing is known yet, may be absent: only people of their own directory,
    /// about whom nothing is decided, could be in them.
    package init(
        _ mapping: Mapping, mirror: Mirror, trust: GroupTrust, neverRead: Set<String> = []
    ) throws(MappingRunError) {
        var compiler = MappingCompiler(mapping, mirror: mirror, trust: trust, neverRead: neverRead)
        compiler.compile()
        let problems = compiler.sortedProblems
        guard problems.isEmpty else { throw MappingRunError(problems: problems) }
        self.mapping = mapping
        groups = compiler.groups
        instances = compiler.instances
        gifts = compiler.gifts
        conditions = compiler.conditions
        tests = compiler.tests
        isWaiting = compiler.isWaiting
        causes = compiler.causes
        pilot = compiler.pilot
        pins = compiler.pins
        findings = compiler.findings
    }
}

package import DirectoryModel
internal import LDAPClient

/// The same for an LDIF file that stands for a directory: what is about servers does not arise.
package struct FileDoctor {
    private let source: SourceSettings
    private let path: String

    package init(_ source: SourceSettings, path: String) {
        self.source = source
        self.path = path
    }

    package func examine(trusted: [String], now: Int64) -> Examination {
        var steps: [ExaminedStep] = []
        func take(_ step: ExaminationStep, _ facts: StepFacts) {
            steps.append(ExaminedStep(step, facts: facts, ailments: StepJudgement.ailments(facts, at: now)))
        }
        let start = ContinuousClock.now
        let file = LDIFSource(source, path: path)
        defer { file.close() }
        switch file.pull(PullRequest(attributes: trusted, now: now), progress: { _ in }) {
        case .failed(let failure):
            steps.append(ExaminedStep(.reading, ailments: [.failed(FailureCause(failure), failure)]))
            for step in [ExaminationStep.people, .groups, .accounts] {
                steps.append(ExaminedStep(step, skippedBecause: .reading))
            }
        case .complete(let pull):
            let mirror = pull.mirror
            take(
                .reading,
                .reading(
                    ReadingFacts(
                        people: mirror.people.count, groups: mirror.groups.count,
                        memberships: mirror.memberPeople.count + mirror.memberGroups.count,
                        milliseconds: (ContinuousClock.now - start).wholeMilliseconds, setAside: pull.setAside)))
            take(.people, .people(PeopleFacts(mirror, filter: source.peopleFilter.text)))
            take(.groups, .groups(GroupFacts(mirror, filter: source.groupFilter.text)))
            take(.accounts, .accounts(AccountFacts(mirror, source)))
        }
        return Examination(
            directory: source.name, server: path, time: now, steps: steps,
            access: ExaminedAccess(url: "", bind: .anonymous))
    }
}

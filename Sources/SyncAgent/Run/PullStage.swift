import DirectoryModel
import Reconciliation

/// Reads the directories of a run and keeps their sources open, so that absences are asked on the same connection.
final class PullStage {
    private let ports: AgentPorts
    private let secrets: SecretReader
    private var sources: [(name: String, source: any DirectorySource)] = []
    /// Why the first directory's source could not be made.
    private var failure: (any Error)?
    /// The one reading of the clock of the run, by which accounts have ended or not.
    var now: Int64?
    private(set) var stamps: [String: DirectoryStamp] = [:]
    private(set) var setAside: [String: [SetAsideEntry]] = [:]

    init(ports: AgentPorts, secrets: SecretReader) {
        self.ports = ports
        self.secrets = secrets
    }

    /// Lets the first server begin while the roster is read.
    ///
    /// What goes wrong is told by `pull`. Others are not begun: nobody would take in what they send until the first is read.
    func begin(_ directories: [DirectorySettings], attributes: [String]) {
        guard let directory = directories.first else { return }
        do {
            let source = try ports.openDirectory(directory, secrets)
            sources.append((directory.name, source))
            let progress = ports.progress
            source.begin(request(directory, attributes, nil)) { progress(.pulling(directory: directory.name, $0)) }
        } catch { failure = error }
    }

    private func request(
        _ directory: DirectorySettings, _ attributes: [String], _ lastStamp: DirectoryStamp?
    ) -> PullRequest {
        PullRequest(
            attributes: attributes.filter(directory.trustedAttributes.contains), lastStamp: lastStamp, now: now)
    }

    /// The source of a directory; the first may be open already.
    private func source(_ directory: DirectorySettings) throws -> any DirectorySource {
        if let failure { throw failure }
        if let begun = sources.first(where: { $0.name == directory.name }) { return begun.source }
        let source = try ports.openDirectory(directory, secrets)
        sources.append((directory.name, source))
        return source
    }

    func close() {
        for (_, source) in sources { source.close() }
        sources = []
    }

    /// One mirror of all directories.
    ///
    /// `attributes` are those that rules test.
    func pull(
        _ directories: [DirectorySettings], attributes: [String], lastStamps: [String: DirectoryStamp]
    ) throws -> Mirror {
        var mirrors: [Mirror] = []
        for directory in directories {
            let source = try source(directory)
            let request = request(directory, attributes, lastStamps[directory.name])
            let progress = ports.progress
            switch source.pull(request, progress: { progress(.pulling(directory: directory.name, $0)) }) {
            case .complete(let pull):
                mirrors.append(pull.mirror)
                stamps[directory.name] = pull.stamp
                setAside[directory.name] = pull.setAside
            case .failed(let failure): throw directories.count > 1 ? alone(failure) : AgentFailure(failure)
            }
        }
        guard let mirror = MirrorMerge.merged(mirrors) else {
            throw AgentFailure(.failed, "the directories hold more than one run can")
        }
        return mirror
    }

    /// One of several: for now none is believed without the others.
    private func alone(_ failure: PullFailure) -> AgentFailure {
        var whole = AgentFailure(failure)
        whole.message += "; nothing is done about the other directories without it"
        return whole
    }

    /// What became of users who are not in the mirror, asked of the directory each belongs to.
    func absences(of keys: [PersonKey], in mirror: Mirror) throws -> [PersonKey: AbsenceFinding] {
        var findings: [PersonKey: AbsenceFinding] = [:]
        for (name, source) in sources {
            let wanted = keys.filter { $0.directory == name }
            guard !wanted.isEmpty, let known = someone(in: mirror, of: name) else { continue }
            ports.progress(.pulling(directory: name, PullProgress(stage: .confirming, entries: 0)))
            switch source.confirmAbsence(of: wanted.map(\.id), knownPresent: known) {
            case .answered(let answers): for (key, answer) in zip(wanted, answers) { findings[key] = answer }
            case .failed(let failure): throw AgentFailure(failure)
            }
        }
        return findings
    }

    /// Somebody who is surely there, as the positive control.
    private func someone(in mirror: Mirror, of name: String) -> ImmutableID? {
        guard let place = mirror.directories.firstIndex(of: name) else { return nil }
        return mirror.people.first { Int($0.directory) == place }?.id
    }
}

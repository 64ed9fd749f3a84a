import DirectoryModel
import Reconciliation

/// Reads the directories of a run and keeps their sources open, so that absences are asked on the same connection.
final class PullStage {
    private let ports: AgentPorts
    private let secrets: SecretReader
    private var sources: [(name: String, source: any DirectorySource)] = []
    /// Why the first directory's source could not be made.
    private var failure: (directory: String, error: any Error)?
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
        } catch { failure = (directory.name, error) }
    }

    private func request(
        _ directory: DirectorySettings, _ attributes: [String], _ lastStamp: DirectoryStamp?
    ) -> PullRequest {
        PullRequest(
            attributes: attributes.filter(directory.trustedAttributes.contains), lastStamp: lastStamp, now: now)
    }

    /// The source of a directory; the first may be open already.
    private func source(_ directory: DirectorySettings) throws -> any DirectorySource {
        if let failure, failure.directory == directory.name { throw failure.error }
        if let begun = sources.first(where: { $0.name == directory.name }) { return begun.source }
        let source = try ports.openDirectory(directory, secrets)
        sources.append((directory.name, source))
        return source
    }

    func close() {
        for (_, source) in sources { source.close() }
        sources = []
    }

    private func close(_ directory: String) {
        for (name, source) in sources where name == directory { source.close() }
        sources.removeAll { $0.name == directory }
    }

    /// One mirror of all directories; throws when any of them cannot be read.
    ///
    /// `attributes` are those that are asked for.
    func pull(
        _ directories: [DirectorySettings], attributes: [String], lastStamps: [String: DirectoryStamp]
    ) throws -> Mirror {
        var mirrors: [Mirror] = []
        for directory in directories {
            do {
                mirrors.append(try read(directory, attributes: attributes, lastStamps: lastStamps))
            } catch {
                guard directories.count > 1 else { throw error }
                var whole = ports.failure(ofReading: error)
                whole.message += "; nothing is done about the other directories without it"
                throw whole
            }
        }
        guard let mirror = MirrorMerge.merged(mirrors) else { throw DirectoryReadings.tooMuch }
        return mirror
    }

    /// Every directory by itself: what was read of it, or why it could not be.
    func readings(
        of directories: [DirectorySettings], attributes: [String], lastStamps: [String: DirectoryStamp]
    ) -> DirectoryReadings {
        var readings = DirectoryReadings(directories: directories, attributes: attributes)
        for directory in directories {
            do {
                readings.take(try read(directory, attributes: attributes, lastStamps: lastStamps), of: directory.name)
            } catch {
                fail(directory.name, ports.failure(ofReading: error), in: &readings)
            }
        }
        return readings
    }

    private func read(
        _ directory: DirectorySettings, attributes: [String], lastStamps: [String: DirectoryStamp]
    ) throws -> Mirror {
        let source = try source(directory)
        let request = request(directory, attributes, lastStamps[directory.name])
        let progress = ports.progress
        switch source.pull(request, progress: { progress(.pulling(directory: directory.name, $0)) }) {
        case .complete(let pull):
            stamps[directory.name] = pull.stamp
            setAside[directory.name] = pull.setAside
            return pull.mirror
        case .failed(let failure): throw failure
        }
    }

    /// Takes back what was read of a directory that cannot be believed.
    func fail(_ directory: String, _ failure: AgentFailure, in readings: inout DirectoryReadings) {
        readings.fail(directory, failure)
        stamps[directory] = nil
        setAside[directory] = nil
        close(directory)
    }

    /// What became of users who are not in the mirror, asked of the directory each belongs to; one that cannot answer is taken
    /// back from the readings.
    func absences(
        of keys: [PersonKey], in mirror: Mirror, _ readings: inout DirectoryReadings
    ) -> [PersonKey: AbsenceFinding] {
        var findings: [PersonKey: AbsenceFinding] = [:]
        for (name, source) in sources where readings.wasRead(name) {
            let wanted = keys.filter { $0.directory == name }
            guard !wanted.isEmpty, let known = someone(in: mirror, of: name) else { continue }
            ports.progress(.pulling(directory: name, PullProgress(stage: .confirming, entries: 0)))
            switch source.confirmAbsence(of: wanted.map(\.id), knownPresent: known) {
            case .answered(let answers): for (key, answer) in zip(wanted, answers) { findings[key] = answer }
            case .failed(let failure): fail(name, AgentFailure(failure), in: &readings)
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

extension AgentPorts {
    /// What an error that stopped the reading of a directory means.
    fileprivate func failure(ofReading error: any Error) -> AgentFailure {
        switch error {
        case let failure as AgentFailure: failure
        case let failure as PullFailure: AgentFailure(failure)
        default: failure(error)
        }
    }
}

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
    /// The keys of names of directories that are to be followed from this run on; without one a pull is followed by nothing.
    var keys: [String: DNHashKey] = [:]
    /// Reads changes where that is wanted.
    var changeReading: ChangeReading?
    /// What full pulls gave to follow directories from, by name: nil for those that cannot be.
    private(set) var starts: [String: StartOfFollowing?] = [:]
    /// What changed in directories that were followed.
    private(set) var changes: [String: DirectoryChanges] = [:]
    /// Why directories were read whole that were to be followed.
    private(set) var doubts: [String: String] = [:]
    /// Readings of changes that were begun before it was known whether they are enough, by directory.
    private var changeReadings: [String: Result<ChangeReading.Outcome, any Error>] = [:]
    /// What readings of changes found of people who are gone.
    private var known: [PersonKey: AbsenceFinding] = [:]

    /// Directories that are believed although they are older, or show less, than at the last run.
    let accepted: [String]

    init(ports: AgentPorts, secrets: SecretReader, accepted: [String] = []) {
        self.ports = ports
        self.secrets = secrets
        self.accepted = accepted
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
        var request = PullRequest(
            attributes: attributes.filter(directory.trustedAttributes.contains), lastStamp: lastStamp, now: now,
            key: directory.isFollowed ? keys[directory.name] : nil)
        request.acceptsStanding = accepted.contains(directory.name)
        return request
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
        let tell: (PullProgress) -> Void = { progress(.pulling(directory: directory.name, $0)) }
        if let mirror = try readChanges(source, directory, request, tell) { return mirror }
        switch source.pull(request, progress: tell) {
        case .complete(let pull):
            stamps[directory.name] = pull.stamp
            setAside[directory.name] = pull.setAside
            starts.updateValue(start(of: pull, request.key), forKey: directory.name)
            return pull.mirror
        case .failed(let failure): throw failure
        }
    }

    /// nil where the directory has to be read whole.
    private func readChanges(
        _ source: any DirectorySource, _ directory: DirectorySettings, _ request: PullRequest,
        _ progress: (PullProgress) -> Void
    ) throws -> Mirror? {
        guard let changeReading else { return nil }
        let known = changeReadings.removeValue(forKey: directory.name)
        let outcome =
            try known?.get() ?? changeReading.read(source, directory, request, progress: progress)
        switch outcome {
        case .doubt(let reason):
            doubts[directory.name] = reason
            return nil
        case .changes(let read):
            switch try changeReading.mirror(read, of: directory.name) {
            case .doubt(let reason):
                forget(directory.name)
                doubts[directory.name] = reason
                return nil
            case .mirror(let mirror):
                keep(read, of: directory.name)
                return mirror
            }
        }
    }

    private func forget(_ directory: String) {
        stamps[directory] = nil
        changes[directory] = nil
        known = known.filter { $0.key.directory != directory }
    }

    private func keep(_ read: ChangeReading.Read, of directory: String) {
        stamps[directory] = read.stamp
        changes[directory] = read.changes
        for (id, finding) in read.absences { known[PersonKey(directory: directory, id: id)] = finding }
    }

    /// What changed in every directory; nil where one of them has to be read whole, or could not be read.
    ///
    /// What was read is not asked again when all are read afterwards.
    func changesOfAll(
        _ directories: [DirectorySettings], attributes: [String], lastStamps: [String: DirectoryStamp]
    ) throws -> [String: ChangeReading.Read]? {
        guard let changeReading else { return nil }
        var read: [String: ChangeReading.Read] = [:]
        for directory in directories {
            let request = request(directory, attributes, lastStamps[directory.name])
            let progress = ports.progress
            let outcome = Result {
                try changeReading.read(source(directory), directory, request) {
                    progress(.pulling(directory: directory.name, $0))
                }
            }
            changeReadings[directory.name] = outcome
            guard case .success(.changes(let changes)) = outcome else { return nil }
            read[directory.name] = changes
        }
        for (name, changes) in read { keep(changes, of: name) }
        return read
    }

    private func start(of pull: Pull, _ key: DNHashKey?) -> StartOfFollowing? {
        guard let key, let position = pull.position else { return nil }
        return StartOfFollowing(
            directory: FollowedDirectory(key: key, position: position),
            index: position.needsNames ? pull.index : nil)
    }

    /// How each directory was read, where changes were to be.
    func readings(of directories: [DirectorySettings]) -> [DirectoryReading] {
        directories.compactMap { directory in
            if let doubt = doubts[directory.name] {
                return DirectoryReading(directory: directory.name, way: .whole(doubt))
            }
            return changes[directory.name].map { read in
                let people = read.rows.people.count + read.rows.removedPeople.count
                let groups = Set(
                    read.rows.groups.map(\.row.id) + read.rows.removedGroups
                        + (read.rows.joinedPeople + read.rows.leftPeople).map(\.group)
                        + (read.rows.joinedGroups + read.rows.leftGroups).map(\.group))
                return DirectoryReading(
                    directory: directory.name, way: .changes(people: people, groups: groups.count))
            }
        }
    }

    /// Takes back what was read of a directory that cannot be believed.
    func fail(_ directory: String, _ failure: AgentFailure, in readings: inout DirectoryReadings) {
        readings.fail(directory, failure)
        forget(directory)
        setAside[directory] = nil
        starts[directory] = nil
        close(directory)
    }

    /// What became of users who are not in the mirror, asked of the directory each belongs to; one that cannot answer is taken
    /// back from the readings.
    func absences(
        of keys: [PersonKey], in mirror: Mirror, _ readings: inout DirectoryReadings
    ) -> [PersonKey: AbsenceFinding] {
        var findings: [PersonKey: AbsenceFinding] = [:]
        for key in keys where readings.wasRead(key.directory) { findings[key] = known[key] }
        for (name, source) in sources where readings.wasRead(name) {
            let wanted = keys.filter { $0.directory == name && findings[$0] == nil }
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

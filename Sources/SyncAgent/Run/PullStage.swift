import AccessModel
import DirectoryModel
import Reconciliation

/// Reads the directories of a run and keeps their sources open, so that absences are asked on the same connection.
final class PullStage {
    private let ports: AgentPorts
    private let secrets: SecretReader
    private var sources: [(name: String, source: any DirectorySource)] = []
    /// Why the first directory's source could not be made.
    private var failure: (any Error)?
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
        PullRequest(attributes: attributes.filter(directory.trustedAttributes.contains), lastStamp: lastStamp)
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

/// Users who are not in a mirror: those about whom the directory is asked.
struct MissingUsers {
    /// More than this are not asked about in one run; the others stay as they are.
    static let mostAsked = 20_000

    /// Sorted, each once.
    let keys: [PersonKey]

    /// Looks at targets that could act on the answers; one whose people shrank beyond the limit is held anyway.
    init(targets: [(settings: TargetSettings, roster: TargetRoster)], mirror: Mirror, approvals: [Approval]) {
        var keys: Set<PersonKey> = []
        for (settings, roster) in targets {
            for (place, name) in roster.directories.enumerated() {
                guard let directory = mirror.directories.firstIndex(of: name) else { continue }
                let shrinks = MissingUsers.isHeldAnyway(settings, roster, name, directory, mirror)
                if shrinks, !approvals.contains(where: { $0.allow[.peopleShrink] != nil }) { continue }
                let people = mirror.rows(ofDirectory: directory)
                for row in roster.users where row.managed && Int(row.directory) == place && row.status != .removed {
                    if !people.holds(row.id) { keys.insert(PersonKey(directory: name, id: row.id)) }
                }
            }
        }
        self.keys = Array(keys.sorted().prefix(MissingUsers.mostAsked))
    }

    private static func isHeldAnyway(
        _ settings: TargetSettings, _ roster: TargetRoster, _ name: String, _ directory: Int, _ mirror: Mirror
    ) -> Bool {
        guard let before = roster.baseline?.people[name], before > 0 else { return false }
        let now = mirror.people.count { Int($0.directory) == directory }
        return before - now > settings.limits.peopleShrink.value(base: before)
    }
}

extension Mirror {
    /// The people of one directory, in the order of their ids.
    fileprivate func rows(ofDirectory place: Int) -> ArraySlice<PersonRow> {
        let start = people.firstPlace { Int($0.directory) < place }
        let end = people.firstPlace { Int($0.directory) <= place }
        return people[start..<end]
    }
}

extension RandomAccessCollection where Index == Int {
    /// The first place whose element does not stand before what is looked for.
    fileprivate func firstPlace(_ before: (Element) -> Bool) -> Int {
        var (low, high) = (startIndex, endIndex)
        while low < high {
            let middle = low + (high - low) / 2
            if before(self[middle]) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

extension ArraySlice<PersonRow> {
    fileprivate func holds(_ id: ImmutableID) -> Bool {
        let place = firstPlace { $0.id < id }
        return place < endIndex && self[place].id == id
    }
}

import DirectoryModel
import Reconciliation

/// What a run has of each directory: the mirror that was read, or why there is none.
///
/// A directory that could not be read stands in the run's mirror as the last applied run read it, so that names, members and
/// baselines of the others mean what they meant; nothing about its own people is decided.
struct DirectoryReadings {
    static let tooMuch = AgentFailure(
        .failed, "the directories hold more than one run can",
        hint: "read fewer people or groups: narrow `bases` or `filter` under `people` and `groups`")

    private let directories: [DirectorySettings]
    /// Those that were asked for, whatever could be read.
    private let attributes: [String]
    private var mirrors: [String: Mirror] = [:]
    private(set) var failures: [String: AgentFailure] = [:]
    /// Directories that neither this run nor an applied one before it has read.
    private(set) var neverRead: Set<String> = []

    init(directories: [DirectorySettings], attributes: [String]) {
        self.directories = directories
        self.attributes = attributes
    }

    mutating func take(_ mirror: Mirror, of directory: String) { mirrors[directory] = mirror }

    mutating func fail(_ directory: String, _ failure: AgentFailure) {
        mirrors[directory] = nil
        failures[directory] = failure
    }

    func wasRead(_ directory: String) -> Bool { mirrors[directory] != nil }

    /// Names of the directories that were read, in the order of the configuration, each with its mirror.
    var read: [(name: String, mirror: Mirror)] {
        directories.compactMap { directory in mirrors[directory.name].map { (directory.name, $0) } }
    }

    /// Those that were not, in the order of their names, whatever that of the configuration.
    var unread: [String] { failures.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) } }

    /// Throws when nothing was read: the first directory's failure, the others as what led to it.
    func check() throws(AgentFailure) {
        guard mirrors.isEmpty, let first = directories.first, var failure = failures[first.name] else { return }
        for directory in directories.dropFirst() {
            guard let other = failures[directory.name] else { continue }
            failure.causes.append(other.message)
            failure.others.append(other.status)
        }
        throw failure
    }

    /// One mirror of all directories, those that were not read as they were in `last`, which is asked for only then.
    mutating func mirror(_ last: () throws -> Mirror) throws -> Mirror {
        var parts = Array(mirrors.values)
        if !failures.isEmpty {
            let last = try last()
            for name in unread {
                if let part = last.part(ofDirectory: name) { parts.append(part) } else { neverRead.insert(name) }
            }
        }
        guard let mirror = MirrorMerge.merged(parts, asked: askedInVain) else { throw DirectoryReadings.tooMuch }
        return mirror
    }

    /// Attributes that only directories could have shown that were not read.
    private var askedInVain: [String] {
        directories.filter { failures[$0.name] != nil }.flatMap { attributes.filter($0.trustedAttributes.contains) }
    }
}

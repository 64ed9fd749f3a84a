import AccessModel
import Diagnostics
import Glibc
import MappingLanguage
import Reconciliation

/// Reads every file that a run needs; what is wrong in any of them is told at once.
struct FilesReader {
    let path: String
    let now: Int64
    /// Whether a directory is going to be asked, so that the files a connection needs are looked at, too.
    let connects: Bool
    /// Files that are read in the place of others, by the path of those: what an edited file would do.
    var substitutes: [String: String] = [:]
    /// Whether files that stand for directories are opened, too: a run freezes the people of one that cannot be read, and goes on.
    var opensDirectories = false
    /// Names of the only targets to read; nil is all.
    var only: Set<String>?
    var problems = InputProblems()
    /// Attributes that the directories' settings name.
    private(set) var mentions: [AttributeMention] = []
    private var paths: [String] = []
    /// Digests of files as they were parsed, by path.
    private var digests: [String: String] = [:]
    private var platforms: [String: Platform] = [:]
    private var unreadable: Set<String> = []
    private var locks: [String: GroupLock] = [:]

    init(path: String, now: Int64, connects: Bool = false) {
        self.path = path
        self.now = now
        self.connects = connects
    }

    /// Best effort where there are errors; nil where there is no configuration to go by.
    mutating func read() -> (files: AgentFiles, settings: [String: [ResolvedSetting]])? {
        guard let bytes = InputFile.readConfiguration(path, into: &problems) else { return nil }
        paths.append(path)
        let agent = AgentFile(SourceFile(name: path, bytes: bytes), into: &problems.diagnostics)
        problems.isConfigurationWrong = problems.diagnostics.hasErrors
        guard let agent else { return nil }
        mentions = agent.mentions
        if connects {
            check(agent.connectionFiles.filter { opensDirectories || $0.use != .directory })
            checkPlaces(agent)
        }
        let wanted = agent.targets.filter { only?.contains($0.target.name) ?? true }
        let targets = wanted.compactMap { target($0, agent) }
        checkDelivery(agent.configuration)
        checkTimeZone(agent.configuration)
        let approvals = ApprovalFile.readAll(
            agent.configuration.approvals, in: agent.approvalContext(targets, now: now), into: &problems)
        paths += approvals.paths
        var settings = ["": agent.shared]
        for draft in agent.targets { settings[draft.target.name] = draft.settings.resolved }
        let files = AgentFiles(
            configuration: agent.configuration, targets: targets, approvals: approvals.approvals,
            diagnostics: problems.diagnostics, paths: paths, openToAnybody: problems.openToAnybody,
            approvalPlaces: approvals.places)
        return (files, settings)
    }

    /// A run goes on without the program; that nothing gets through by it is better known beforehand.
    private mutating func checkDelivery(_ configuration: AgentConfiguration) {
        guard let program = configuration.deliver?.first, access(program, X_OK) != 0 else { return }
        problems.diagnostics.warning(
            "config.deliver-not-runnable", at: nil,
            "cannot run the program under `deliver`, `\(program)`: "
                + SystemError.words(errno),
            hint: "check the path, and that the user who runs rollcall may run it")
    }

    /// Only the daemon goes by it.
    private mutating func checkTimeZone(_ configuration: AgentConfiguration) {
        guard let schedule = configuration.schedule, CronText.isTimeZone(schedule.timezone),
            (try? TimeZoneFile.rules(schedule.timezone)) == nil
        else { return }
        problems.diagnostics.warning(
            "config.unknown-timezone", at: nil,
            "this machine knows no time zone `\(schedule.timezone)`, so the daemon would not start",
            hint: "write `schedule.timezone` as in `timedatectl list-timezones`, or install the package `tzdata`")
    }

    private mutating func check(_ files: [ConnectionFile]) {
        var check = ConnectionCheck(problems: problems)
        for file in files { check.check(file) }
        problems = check.problems
    }

    /// Passwords go where they went before; anything else is known before anybody is asked.
    private mutating func checkPlaces(_ agent: AgentFile) {
        let asked = agent.configuration.directories.filter { !TrustedPlaces.places(of: $0).isEmpty }
        if asked.isEmpty { return }
        do throws(AgentFailure) {
            guard let trusted = try TrustedPlaces.read(in: agent.configuration.state) else { return }
            for directory in asked {
                guard let failure = trusted.refusal(of: directory) else { continue }
                problems.isConfigurationWrong = true
                problems.diagnostics.error(
                    "config.untrusted-place", at: agent.serverPositions[directory.name], failure.message,
                    hint: failure.hint)
            }
        } catch {
            problems.isConfigurationWrong = true
            problems.diagnostics.error("config.trusted-places", at: nil, error.message, hint: error.hint)
        }
    }

    private mutating func target(_ draft: AgentFile.TargetDraft, _ agent: AgentFile) -> TargetFiles? {
        let target = draft.target
        let directories = agent.configuration.directories
        let lockPath = FilePath.simplified(
            FilePath.joined(FilePath.directory(of: target.mappingFile), "groups.lock.yaml"))
        let platform = draft.platformText.isEmpty ? nil : platform(target.platformFile)
        let source = draft.mappingText.isEmpty ? nil : source(target.mappingFile, what: "mapping")
        let lock = draft.mappingText.isEmpty ? nil : lock(lockPath, directories.map(\.name))
        let trusted = directories.map {
            MappingContext.Directory(name: $0.name, trustedAttributes: $0.trustedAttributes)
        }
        guard let platform else {
            if let source {
                MappingFile.checkWithoutPlatform(source, directories: trusted, into: &problems.diagnostics)
            }
            return nil
        }
        let topology = topology(draft, platform)
        checkFloors(draft, platform)
        let context = MappingContext(platform: platform, topology: topology, directories: trusted)
        guard let source, var mapping = MappingFile.mapping(source, in: context, into: &problems.diagnostics)
        else {
            _ = conditions(draft, context)
            return nil
        }
        (mapping.causes, mapping.pilot) = conditions(draft, context)
        let settings = TargetSettings(
            name: target.name, mode: target.mode, platform: platform, topology: topology,
            templates: FilesReader.templates(platform, mapping),
            policy: target.policy, limits: target.limits, protect: target.protect,
            fingerprints: fingerprints(draft, agent, lockPath))
        var files = TargetFiles(
            settings: settings, mapping: mapping, mappingName: shown(draft.mappingText), lock: lock, lockPath: lockPath,
            limitingFingerprints: [
                "\(FilePath.name(of: path)) (limits)": digest(of: ["limits.", "pace."], in: draft)
            ])
        files.samePerson = agent.configuration.samePerson
        return files
    }

    /// The conditions in the policy: of its own causes, and of a pilot.
    private mutating func conditions(
        _ draft: AgentFile.TargetDraft, _ context: MappingContext
    ) -> (causes: [CauseCondition], pilot: GroupReference?) {
        let before = problems.diagnostics.errorCount
        var reader = CauseConditionReader(
            file: path, root: draft.node, context: context, diagnostics: problems.diagnostics)
        var causes: [CauseCondition] = []
        for entry in (draft.settings.node("policy.suspend_when")?.items ?? []).compactMap(\.object) {
            guard let name = entry["name"]?.text, let when = entry["when"] else { continue }
            if let cause = reader.cause(name, when: when) { causes.append(cause) }
        }
        let only = draft.settings.node("policy.only")
        let pilot = only?.object == nil ? nil : only.flatMap { reader.pilot($0) }
        problems.diagnostics = reader.diagnostics
        if problems.diagnostics.errorCount > before { problems.isConfigurationWrong = true }
        checkReleases(draft, context)
        return (causes, pilot)
    }

    /// Tells where a seat that is to be given back comes free by removal only: nobody is removed for it.
    private mutating func checkReleases(_ draft: AgentFile.TargetDraft, _ context: MappingContext) {
        let classes = Set(context.topology.pools.map(\.seatClass))
        let stuck = context.platform.seatClasses.filter { classes.contains($0.name) && $0.freedBy == .remove }
        guard let seatClass = stuck.first else { return }
        for entry in (draft.settings.node("policy.suspend_when")?.items ?? []).compactMap(\.object)
        where entry["seat"]?.word == "release" {
            problems.diagnostics.warning(
                "config.seat-not-released", at: entry["seat"]?.position,
                "platform `\(context.platform.name)` frees seats of `\(seatClass.name)` by removal only, so this cause frees none",
                hint: "nobody is removed for it; see `remove_after`")
        }
    }

    /// The mapping's templates, and those of the platform that it does not redefine; sorted by name.
    static func templates(_ platform: Platform, _ mapping: Mapping) -> [Template] {
        let shipped = platform.shippedTemplates.filter { shipped in
            !mapping.templates.contains { $0.name == shipped.name }
        }
        return (shipped + mapping.templates).sorted { precedes($0.name, $1.name) }
    }

    /// Each platform file is read once, however many targets use it.
    mutating func platform(_ path: String) -> Platform? {
        if let known = platforms[path] { return known }
        guard !unreadable.contains(path) else { return nil }
        guard let source = source(path, what: "platform"),
            let platform = PlatformFile.platform(source, into: &problems.diagnostics)
        else {
            unreadable.insert(path)
            return nil
        }
        platforms[path] = platform
        return platform
    }

    mutating func source(_ path: String, what: String) -> SourceFile? {
        let read = substitutes[path] ?? path
        guard let bytes = InputFile.read(read, what: what, into: &problems) else { return nil }
        if !paths.contains(read) { paths.append(read) }
        let source = SourceFile(name: read, bytes: bytes)
        digests[path] = FilesReader.digest(source)
        return source
    }

    mutating func topology(_ draft: AgentFile.TargetDraft, _ platform: Platform) -> Topology {
        let before = problems.diagnostics.errorCount
        var reader = TopologyReader(platform: platform, diagnostics: problems.diagnostics)
        let topology = reader.topology(draft.node["topology"])
        problems.diagnostics = reader.diagnostics
        if problems.diagnostics.errorCount > before { problems.isConfigurationWrong = true }
        return topology
    }

    mutating func checkFloors(_ draft: AgentFile.TargetDraft, _ platform: Platform) {
        let before = problems.diagnostics.errorCount
        for field in draft.settings.node("policy.keep_at_least")?.fields ?? [] {
            guard platform.role(named: field.key) != nil else {
                problems.diagnostics.error(
                    "config.unknown-role", at: field.keyPosition,
                    "platform `\(platform.name)` has no role `\(field.key)`",
                    hint: NearestName.hint(for: field.key, in: platform.roles.map(\.name), called: "the roles are"))
                continue
            }
            guard let least = platform.keepAtLeast.first(where: { $0.role == field.key })?.count,
                let count = field.value.integer, count < least
            else { continue }
            problems.diagnostics.error(
                "config.floor-too-low", at: field.value.position,
                "platform `\(platform.name)` keeps at least \(least) of `\(field.key)`, more than \(count)",
                hint: "a target can only ask for more")
        }
        if problems.diagnostics.errorCount > before { problems.isConfigurationWrong = true }
    }

    private mutating func lock(_ path: String, _ directories: [String]) -> GroupLock? {
        if let known = locks[path] { return known }
        guard !unreadable.contains(path), InputFile.exists(path) else { return nil }
        guard let source = source(path, what: "lock file"),
            let lock = GroupLockFile.lock(source, directories: directories, into: &problems.diagnostics)
        else {
            unreadable.insert(path)
            return nil
        }
        locks[path] = lock
        return lock
    }

    /// What decides, each by the name under which humans know it.
    ///
    /// Comments, places and the order of keys do not count.
    private func fingerprints(
        _ draft: AgentFile.TargetDraft, _ agent: AgentFile, _ lockPath: String
    ) -> [String: String] {
        var prints: [String: String] = [:]
        let configuration = FilePath.name(of: path)
        prints["\(configuration) (directories)"] = ContentDigest.of(agent.directoriesText)
        prints["\(configuration) (policy)"] = digest(of: ["policy."], but: "policy.protect", in: draft)
        prints["\(configuration) (protect)"] = digest(of: ["policy.protect"], in: draft)
        prints["\(configuration) (topology)"] = ContentDigest.of(draft.node["topology"]?.canonicalText ?? "")
        prints[shown(draft.platformText)] = digests[draft.target.platformFile] ?? ""
        prints[shown(draft.mappingText)] = digests[draft.target.mappingFile] ?? ""
        if locks[lockPath] != nil {
            prints[shown(FilePath.joined(FilePath.directory(of: draft.mappingText), "groups.lock.yaml"))] =
                digests[lockPath] ?? ""
        }
        return prints
    }

    /// The same wherever the command was given: `mappings/vivi.yaml` for `../mappings/vivi.yaml`.
    private func shown(_ text: String) -> String {
        let parts = FilePath.simplified(text).utf8.split(separator: UInt8(ascii: "/")).map { String(Substring($0)) }
        return parts.drop { $0 == ".." }.joined(separator: "/")
    }

    /// Of the settings whose keys begin so, with what the defaults say.
    private func digest(
        of prefixes: [String], but excepted: String? = nil, in draft: AgentFile.TargetDraft
    ) -> String {
        let settings = draft.settings.resolved.filter { setting in
            setting.key != excepted && prefixes.contains { setting.key.hasPrefix($0) }
        }
        return ContentDigest.of(settings.map { "\($0.key)=\($0.value)" }.joined(separator: "\n"))
    }

    /// Of everything but the tests, as it was read.
    private static func digest(_ source: SourceFile) -> String {
        var ignored = DiagnosticList()
        let node = YAMLReader.read(source, into: &ignored)
        let fields = (node?.fields ?? []).filter { $0.key != "tests" }
        return ContentDigest.of(fields.map { "\($0.key): \($0.value.canonicalText)" }.joined(separator: "\n"))
    }
}

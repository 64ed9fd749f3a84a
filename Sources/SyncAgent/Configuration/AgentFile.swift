import Diagnostics
import Reconciliation

/// `rollcall.yaml` as written, checked against the grammar and with its references within the file followed.
struct AgentFile {
    /// A target with the parts that only its platform can judge.
    struct TargetDraft {
        var target: ConfiguredTarget
        var node: ObjectNode
        var settings: LayeredSettings
        /// As written in the file.
        var platformText: String
        var mappingText: String
    }

    let configuration: AgentConfiguration
    let targets: [TargetDraft]
    /// What all targets share, with origins.
    let shared: [ResolvedSetting]
    /// Files that connections to the directories need.
    let connectionFiles: [ConnectionFile]
    /// Where the servers of each directory are named, by its name.
    let serverPositions: [String: SourcePosition]
    /// Attributes that the directories' settings name.
    let mentions: [AttributeMention]
    /// The sections about directories that decide who is found, in canonical text.
    let directoriesText: String
    /// Lines on which the sections of the file begin.
    let sectionLines: [Int]

    /// Best effort where there are errors; nil where the file is no YAML or no object.
    init?(_ source: SourceFile, into diagnostics: inout DiagnosticList) {
        guard let root = AgentGrammar.grammar.read(source, into: &diagnostics)?.object else { return nil }
        var reader = AgentFileReader(root: root, file: source.name, diagnostics: diagnostics)
        let directories = reader.directories()
        targets = reader.targets(domains: reader.emailDomains(directories))
        configuration = reader.configuration(directories, targets.map(\.target))
        shared = reader.shared
        connectionFiles = reader.connectionFiles
        serverPositions = reader.serverPositions
        mentions = reader.mentions
        directoriesText = reader.directoriesText
        sectionLines = root.fields.map(\.keyPosition.line)
        diagnostics = reader.diagnostics
    }
}

extension AgentFile {
    /// What approvals are checked against.
    func approvalContext(_ files: [TargetFiles], now: Int64) -> ApprovalFile.Context {
        let uuids: Set = ["entryuuid", "objectguid", "nsuniqueid", "ipauniqueid"]
        return ApprovalFile.Context(
            targets: targets.map(\.target.name), now: now, files: files,
            hasUUIDs: configuration.directories.allSatisfy { uuids.contains($0.attributes.id.lowercased()) })
    }
}

/// Walks the file from the top.
struct AgentFileReader {
    let root: ObjectNode
    let file: String
    var diagnostics: DiagnosticList
    private(set) var shared: [ResolvedSetting] = []
    private(set) var connectionFiles: [ConnectionFile] = []
    private(set) var serverPositions: [String: SourcePosition] = [:]
    private(set) var mentions: [AttributeMention] = []
    private var top: LayeredSettings

    init(root: ObjectNode, file: String, diagnostics: DiagnosticList) {
        self.root = root
        self.file = file
        self.diagnostics = diagnostics
        top = LayeredSettings(layers: [root])
    }

    /// A path in the file, from the file's own directory.
    func path(_ text: String) -> String { FilePath.simplified(FilePath.joined(FilePath.directory(of: file), text)) }

    mutating func configuration(
        _ directories: [DirectorySettings], _ targets: [ConfiguredTarget]
    ) -> AgentConfiguration {
        let state = top.text("state", default: "/var/lib/rollcall") ?? ""
        let readers = top.text("readers", default: nil)
        let approvals = top.text("approvals", default: "approvals/") ?? ""
        let schedule = schedule()
        let samePerson = samePerson(directories)
        let kept = top.integer("reports.keep", default: 90) ?? 90
        let formats = top.node("reports.formats")?.words?.compactMap { ReportFormat(rawValue: $0.value) }
        top.note(
            "reports.formats", "[\((formats ?? ReportFormat.usual).map(\.rawValue).joined(separator: ", "))]",
            from: top.node("reports.formats"))
        let metrics = top.node("reports.metrics_file")
        top.note("reports.metrics_file", metrics?.text ?? "null", from: metrics)
        let deliver = command("deliver.command", example: "deliver.sh")
        let notify = notify()
        let syslog = top.node("witness.syslog")
        top.note("witness.syslog", syslog?.boolean == true ? "true" : "false", from: syslog)
        shared = top.resolved + shared
        var configuration = AgentConfiguration(
            file: file, state: FilePath.absolute(path(state)), readers: readers, directories: directories,
            targets: targets, approvals: path(approvals), schedule: schedule, reportsKept: kept,
            reportFormats: formats ?? ReportFormat.usual, deliver: deliver,
            tellsSystemLog: syslog?.boolean ?? false)
        configuration.samePerson = samePerson
        configuration.metricsFile = metrics?.text.map { FilePath.absolute(path($0)) }
        configuration.notify = notify
        return configuration
    }

    /// Only directories that there are, each once, and an attribute that nobody in any of them can edit on themselves.
    private mutating func samePerson(_ directories: [DirectorySettings]) -> SamePerson? {
        guard let node = root["same_person"]?.object, let by = node["by"]?.locatedText else { return nil }
        var prefer: [String] = []
        for name in node["prefer"]?.texts ?? [] {
            guard let directory = directories.first(where: { $0.name == name.value }) else {
                diagnostics.error(
                    "config.unknown-directory", at: name.position, "there is no directory `\(name.value)`",
                    hint: NearestName.hint(
                        for: name.value, in: directories.map(\.name), called: "the directories are"))
                continue
            }
            if prefer.contains(name.value) {
                diagnostics.error(
                    "config.duplicate-name", at: name.position, "directory `\(name.value)` stands here twice",
                    hint: "name each once")
            }
            if !directory.trustedAttributes.contains(by.value.lowercased()) {
                diagnostics.error(
                    "config.untrusted-attribute", at: by.position,
                    "attribute `\(by.value)` is not trusted in directory `\(name.value)`: people may be able to edit it on themselves",
                    hint: "add it to `trusted_attributes` of that directory if only administrators can write it")
            }
            prefer.append(name.value)
        }
        top.note("same_person.by", by.value, from: node["by"])
        top.note("same_person.prefer", "[\(prefer.joined(separator: ", "))]", from: node["prefer"])
        return SamePerson(by: by.value, prefer: prefer)
    }

    private mutating func notify() -> NotifySettings? {
        let command = command("notify.command", example: "notify.sh")
        let occasions = top.node("notify.on")?.words?.compactMap { NotifySettings.Occasion(rawValue: $0.value) }
        let shown = (occasions ?? NotifySettings.Occasion.usual).map(\.rawValue).joined(separator: ", ")
        top.note("notify.on", "[\(shown)]", from: top.node("notify.on"))
        let format = top.choice("notify.format", default: ReportFormat.text)
        let timeout = top.seconds("notify.timeout", default: 60)
        return command.map {
            NotifySettings(
                command: $0, occasions: occasions ?? NotifySettings.Occasion.usual, format: format, timeout: timeout)
        }
    }

    /// A program with its arguments, the program's path absolute; nil where none is named.
    private mutating func command(_ key: String, example: String) -> [String]? {
        let node = top.node(key)
        guard let words = node?.texts, let program = words.first else {
            top.note(key, "null", from: node)
            return nil
        }
        if !program.value.utf8.contains(UInt8(ascii: "/")) {
            diagnostics.error(
                "config.command-not-absolute", at: program.position,
                "expected the path of a program, found `\(program.value)`",
                hint:
                    "no shell looks for it; write for example `/etc/rollcall/\(example)`, or `./\(example)` for one beside this file"
            )
        }
        top.note(key, words.count > 1 ? "[\(program.value), …]" : "[\(program.value)]", from: node)
        return [FilePath.absolute(path(program.value))] + words.dropFirst().map(\.value)
    }

    /// Nil where the file has none; what the daemon goes by then is told among the settings all the same.
    private mutating func schedule() -> Schedule? {
        let standard = Schedule.standard
        let cron = top.text("schedule.cron", default: standard.cron) ?? ""
        let timezone = top.text("schedule.timezone", default: standard.timezone) ?? ""
        let often = top.node("schedule.incremental_every")
        top.note("schedule.incremental_every", often?.shownText ?? "never", from: often)
        let schedule = Schedule(
            cron: cron, timezone: timezone, jitter: length("schedule.jitter", standard.jitter),
            retryEvery: length("schedule.retry.every", standard.retryEvery),
            retryFor: length("schedule.retry.for", standard.retryFor), incrementalEvery: often?.duration)
        guard let node = root["schedule"]?.object else {
            top.leaveToDaemon("schedule")
            return nil
        }
        if let problem = CronText.problem(cron) {
            diagnostics.error(
                "config.bad-schedule", at: node["cron"]?.position ?? node.position, problem,
                hint: "write minute, hour, day, month and weekday: `15 2 * * *`")
        } else if CronExpression(cron)?.comes == false {
            diagnostics.error(
                "config.bad-schedule", at: node["cron"]?.position ?? node.position,
                "no year has such a day: `\(cron)`", hint: "correct day and month")
        }
        if !CronText.isTimeZone(timezone) {
            diagnostics.error(
                "config.bad-schedule", at: node["timezone"]?.position ?? node.position,
                "expected a time zone like `Europe/Berlin`, found `\(timezone)`",
                hint: "write it as `timedatectl list-timezones` lists it")
        }
        return schedule
    }

    private mutating func length(_ key: String, _ standard: Duration) -> Duration {
        .seconds(top.seconds(key, default: standard.components.seconds))
    }

    mutating func directories() -> [DirectorySettings] {
        var names: [String: SourcePosition] = [:]
        var found: [DirectorySettings] = []
        for node in (root["directories"]?.items ?? []).compactMap(\.object) {
            unique(node, &names, "directories")
            var reader = DirectoryReader(node: node, directory: FilePath.directory(of: file), diagnostics: diagnostics)
            let settings = reader.settings()
            serverPositions[settings.name] = node.position(of: node.has("srv") ? "srv" : "urls")
            found.append(settings)
            diagnostics = reader.diagnostics
            shared += reader.resolved
            connectionFiles += reader.connectionFiles
            mentions += reader.mentions
        }
        return found
    }

    /// Domains that invitations go to; the guard against strangers is one for all directories.
    mutating func emailDomains(_ directories: [DirectorySettings]) -> [String] {
        let without = directories.filter(\.emailDomains.isEmpty)
        if let first = without.first, without.count < directories.count {
            let node = (root["directories"]?.items ?? []).first { $0.object?["name"]?.text == first.name }
            diagnostics.error(
                "config.email-domains", at: node?.position,
                "directory `\(first.name)` has no `email_domains`, while others have",
                hint: "give them for every directory, or for none")
        }
        return Set(directories.flatMap(\.emailDomains)).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    mutating func targets(domains: [String]) -> [AgentFile.TargetDraft] {
        var names: [String: SourcePosition] = [:]
        var drafts: [AgentFile.TargetDraft] = []
        let defaults = root["defaults"]?.object
        for node in (root["targets"]?.items ?? []).compactMap(\.object) {
            unique(node, &names, "targets")
            // What is missing is an error already; the rest is looked at all the same.
            let name = node["name"]?.text ?? "?"
            let platform = node["platform"]?.text ?? ""
            let mapping = node["mapping"]?.text ?? ""
            let layers = LayeredSettings(layers: [node] + [defaults].compactMap { $0 })
            var reader = policy(layers, domains: domains)
            let target = ConfiguredTarget(
                name: name, platformFile: path(platform), mappingFile: path(mapping), mode: reader.mode,
                policy: reader.policy, limits: reader.limits, protect: reader.protect)
            reader.settings.note("platform", platform, from: node["platform"])
            reader.settings.note("mapping", mapping, from: node["mapping"])
            reader.settings.note("topology", node["topology"]?.shownText ?? "{}", from: node["topology"])
            drafts.append(
                AgentFile.TargetDraft(
                    target: target, node: node, settings: reader.settings, platformText: platform, mappingText: mapping)
            )
        }
        return drafts
    }

    /// What is wrong in the defaults is found once for each target; equal diagnostics are shown once.
    private mutating func policy(_ settings: LayeredSettings, domains: [String]) -> PolicyReader {
        var reader = PolicyReader(settings: settings, domains: domains, diagnostics: diagnostics)
        reader.read()
        diagnostics = reader.diagnostics
        return reader
    }

    private mutating func unique(_ node: ObjectNode, _ names: inout [String: SourcePosition], _ what: String) {
        guard let name = node["name"]?.text, let position = node["name"]?.position else { return }
        if let first = names[name] {
            diagnostics.error(
                "config.duplicate-name", at: position,
                "two \(what) are named `\(name)`, the first on line \(first.line)",
                hint: "rename one of them")
        }
        names[name] = names[name] ?? position
    }

    /// Servers, secrets and time limits do not decide who is found.
    var directoriesText: String {
        let deciding = ["name", "kind", "people", "groups", "attributes", "trusted_attributes", "email_domains"]
        let same = root["same_person"].map { ["same_person: \($0.canonicalText)"] } ?? []
        let lines = (root["directories"]?.items ?? []).compactMap(\.object).map { node in
            deciding.map { key in "\(key): \(node[key]?.canonicalText ?? "")" }.joined(separator: "; ")
        }
        return (lines + same).joined(separator: "\n")
    }
}

import Diagnostics
import Reconciliation

extension Agent {
    /// Every file, valid; all errors at once otherwise.
    ///
    /// With `connects`, also those that connections to the directories need: passwords, certificates.
    package func files(connects: Bool = false) throws(AgentFailure) -> AgentFiles {
        var reader = FilesReader(path: configurationPath, now: context.clock(), connects: connects)
        let read = reader.read()
        if let failure = failure(reader.problems) { throw failure }
        guard let read else {
            throw AgentFailure.noConfiguration(reader.problems.diagnostics)
        }
        var files = read.files
        files.diagnostics = files.diagnostics.without(ApprovalFile.expired)
        return files
    }

    /// The same for what writes the roster: none of them may be one that anybody can write.
    func decidingFiles(connects: Bool = false) throws(AgentFailure) -> AgentFiles {
        let files = try files(connects: connects)
        if let open = files.openToAnybody.first {
            throw AgentFailure(
                .badConfiguration, open.message, hint: "nothing was done; look at what it says, then \(open.hint)",
                diagnostics: files.openToAnybody.count > 1 ? files.diagnostics : DiagnosticList())
        }
        return files
    }

    /// Resolved values with their origins: what all targets share first, then those of one target, or of each.
    package func settings(target: String?) throws(AgentFailure) -> [ResolvedSetting] {
        var reader = FilesReader(path: configurationPath, now: context.clock())
        let read = reader.read()
        if let failure = failure(reader.problems) { throw failure }
        guard let read else { return [] }
        let names = try selected(target.map { [$0] }, of: read.files.targets.map(\.settings.name))
        return (read.settings[""] ?? [])
            + names.flatMap { name in
                (read.settings[name] ?? []).map { setting in
                    ResolvedSetting(key: "\(name).\(setting.key)", value: setting.value, origin: setting.origin)
                }
            }
    }

    func failure(_ problems: InputProblems) -> AgentFailure? {
        guard let status = problems.status else { return nil }
        let count = problems.diagnostics.errorCount
        if problems.isConfigurationUnread, count == 1 {
            return AgentFailure(status, "", hint: "", diagnostics: problems.diagnostics)
        }
        return AgentFailure(
            status, count == 1 ? "there is an error in the files" : "there are \(count) errors in the files",
            hint: "nothing was done; correct them and run `rollcall check`",
            diagnostics: problems.diagnostics.without(ApprovalFile.expired))
    }

    /// The targets asked for, in the order of the configuration.
    func selected(_ names: [String]?, of known: [String]) throws(AgentFailure) -> [String] {
        guard let names else { return known }
        for name in names where !known.contains(name) {
            throw AgentFailure.noTarget(name, of: known)
        }
        return known.filter(names.contains)
    }
}

import Diagnostics

/// What was named and is not there, with what was probably meant.
extension AgentFailure {
    /// The files had no error, and yet there is nothing to go by.
    static func noConfiguration(_ diagnostics: DiagnosticList = DiagnosticList()) -> AgentFailure {
        AgentFailure(
            .badConfiguration, "there is no configuration",
            hint: "name the file with `--config FILE`, or write one with `rollcall init URL`",
            diagnostics: diagnostics)
    }

    /// A target that is none of `names`.
    package static func noTarget(_ name: String, of names: [String]) -> AgentFailure {
        AgentFailure(
            .usage, "there is no target `\(name)`",
            hint: NearestName.hint(
                for: name, in: names, called: "the targets are", otherwise: "`rollcall config` shows every target"))
    }

    /// A directory that is none of `names`.
    package static func noDirectory(_ name: String, of names: [String]) -> AgentFailure {
        AgentFailure(
            .usage, "there is no directory `\(name)`",
            hint: NearestName.hint(
                for: name, in: names, called: "the directories are",
                otherwise: "`rollcall config` shows every directory"))
    }

    /// A role that no platform has, or not that of a target, by those that there are.
    package static func noRole(_ name: String, on target: String? = nil, of names: [String]) -> AgentFailure {
        AgentFailure(
            .usage,
            target.map { "the platform of `\($0)` has no role `\(name)`" } ?? "no platform has a role `\(name)`",
            hint: NearestName.hint(
                for: name, in: names, called: "the roles are", otherwise: "`rollcall platform FILE` lists the roles"))
    }

    /// A run that was never recorded; `last` is the last one, 0 where there is none.
    package static func noRun(_ text: String, last: Int64, _ status: ExitStatus = .failed) -> AgentFailure {
        AgentFailure(
            status, "there is no run \(text)",
            hint: last > 0
                ? "the last run is \(last); `rollcall runs` lists them"
                : "nothing ran yet: `rollcall plan` shows what the first `rollcall sync` would do")
    }
}

import ArgumentParser
import SyncAgent

/// What a run reads of the directories, and what of it a human vouches for.
struct ReadingOptions: ParsableArguments {
    @Flag(
        name: .customLong("accept-clock"),
        help: "Go by the clock although an earlier run, under a wrong one, started later.")
    var acceptsClock = false

    @Option(
        name: .customLong("accept-directory"),
        help: ArgumentHelp(
            "Go by what this directory has although it is older, or shows less, than at the last run; may be given again.",
            valueName: "name"))
    var acceptedDirectories: [String] = []

    @Flag(
        name: .customLong("incremental"),
        help: "Read only what changed since the last run; where that cannot be told with certainty, everything.")
    var isIncremental = false

    func validate() throws {
        guard isIncremental, acceptsClock || !acceptedDirectories.isEmpty else { return }
        let option = acceptsClock ? "--accept-clock" : "--accept-directory"
        throw ValidationError("\(option) needs a whole run, without --incremental")
    }

    var reading: RunRequest.Reading { isIncremental ? .changes : .everything }
}

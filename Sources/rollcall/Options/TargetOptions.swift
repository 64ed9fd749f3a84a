import ArgumentParser

/// Narrows a command to some targets.
struct TargetOptions: ParsableArguments {
    @Option(name: .customLong("target"), help: ArgumentHelp("Only this target; may be repeated.", valueName: "target"))
    var names: [String] = []

    /// Nil where all are meant.
    var narrowed: [String]? { names.isEmpty ? nil : names }
}

import Diagnostics
import DirectoryModel
import Glibc
import Reports

/// One line on standard error that says which step is tried; nothing where nobody watches.
struct StepLine {
    private let isShown = Terminal.isPerson(at: STDERR_FILENO)

    func show(_ directory: String, _ step: ExaminationStep) {
        guard isShown else { return }
        Output.message(Array("\r\u{1B}[K\(StepLine.text(directory, step))".utf8))
    }

    /// What the line says, safe whatever the name of the directory is.
    static func text(_ directory: String, _ step: ExaminationStep) -> String {
        "\(SafeText.escaped(directory)): \(step.title) …"
    }

    /// Takes the line away, before anything else is printed.
    func clear() {
        if isShown { Output.message(Array("\r\u{1B}[K".utf8)) }
    }
}

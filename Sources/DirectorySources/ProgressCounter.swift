internal import DirectoryModel

/// Counts entries and reports every ten thousandth, so that reporting costs nothing.
struct ProgressCounter {
    private let stage: PullProgress.Stage
    private var entries = 0

    init(_ stage: PullProgress.Stage) { self.stage = stage }

    func start(_ progress: (PullProgress) -> Void) { progress(PullProgress(stage: stage, entries: 0)) }

    @inline(__always)
    mutating func count(_ progress: (PullProgress) -> Void) {
        entries += 1
        if entries % 10_000 == 0 { progress(PullProgress(stage: stage, entries: entries)) }
    }

    func finish(_ progress: (PullProgress) -> Void) { progress(PullProgress(stage: stage, entries: entries)) }
}

import GRDBSQLite

/// Waits for others who read the roster, since a run that is written whole must not be lost because somebody looks at it.
final class PatientCommit: Sendable {
    private let tries: Int32
    private let waiting: (@Sendable () -> Void)?

    /// Milliseconds between two tries.
    private static let pause: Int32 = 20
    private static let triesPerSecond = 1000 / pause

    /// `waiting` is told at the first try that fails, and once a second from then on.
    init(seconds: Double, waiting: (@Sendable () -> Void)?) {
        tries = Int32(max(0, min(seconds * 1000 / Double(PatientCommit.pause), 1_000_000)))
        self.waiting = waiting
    }

    /// Lets the connection wait from now on, until another way of waiting is set.
    ///
    /// The connection may not outlive this value.
    func begin(on connection: OpaquePointer) {
        sqlite3_busy_handler(
            connection,
            { context, count in
                guard let context else { return 0 }
                let commit = Unmanaged<PatientCommit>.fromOpaque(context).takeUnretainedValue()
                return commit.goesOn(after: count) ? 1 : 0
            }, Unmanaged.passUnretained(self).toOpaque())
    }

    private func goesOn(after count: Int32) -> Bool {
        if count >= tries { return false }
        if count % PatientCommit.triesPerSecond == 0 { waiting?() }
        sqlite3_sleep(PatientCommit.pause)
        return true
    }
}

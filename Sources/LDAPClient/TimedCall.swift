internal import Glibc
internal import Synchronization

/// Calls that block and know no time limit, such as those that resolve names or ask Kerberos: made on a thread of their own and given up on in time.
enum TimedCall {
    /// How soon a stop is heeded.
    private static let step: Duration = .milliseconds(100)

    /// What the body returns; nil when it did not within the limit, or before a stop.
    ///
    /// The thread is then left to itself and its result dropped.
    static func run<Value: Sendable>(
        within limit: Duration, isStopped: () -> Bool = { false }, _ body: @escaping @Sendable () -> Value
    ) -> Value? {
        guard let box = Box(body) else { return nil }
        var thread = pthread_t()
        let retained = Unmanaged.passRetained(box as AnyBox)
        let started = pthread_create(&thread, nil, start, retained.toOpaque())
        guard started == 0 else {
            retained.release()
            return nil
        }
        pthread_detach(thread)
        let end = ContinuousClock.now.advanced(by: limit)
        while true {
            let left = end - .now
            guard left > .zero, !isStopped() else { return nil }
            var state = pollfd(fd: box.done, events: Int16(POLLIN), revents: 0)
            if poll(&state, 1, min(left, step).milliseconds) > 0 { return box.value.withLock { $0 } }
        }
    }

    private static let start: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { pointer in
        // A signal of the process must not be taken on this thread, where nobody expects it.
        var all = sigset_t()
        sigfillset(&all)
        pthread_sigmask(SIG_SETMASK, &all, nil)
        guard let pointer else { return nil }
        Unmanaged<AnyBox>.fromOpaque(pointer).takeRetainedValue().run()
        return nil
    }

    /// What both threads hold; the last one closes the pipe.
    private class AnyBox: @unchecked Sendable {
        // Safe to share: immutable but for what the subclass guards.
        func run() {}
    }

    private final class Box<Value: Sendable>: AnyBox, @unchecked Sendable {
        let value = Mutex<Value?>(nil)
        /// Readable when the value is there.
        let done: Int32
        private let finished: Int32
        private let body: @Sendable () -> Value

        init?(_ body: @escaping @Sendable () -> Value) {
            var ends: [Int32] = [-1, -1]
            guard pipe(&ends) == 0 else { return nil }
            for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
            (done, finished) = (ends[0], ends[1])
            self.body = body
        }

        deinit {
            close(done)
            close(finished)
        }

        override func run() {
            let result = body()
            value.withLock { $0 = result }
            var byte: UInt8 = 1
            _ = write(finished, &byte, 1)
        }
    }
}

extension Duration {
    /// Whole milliseconds, rounded up, for `poll`.
    var milliseconds: Int32 {
        let (seconds, attoseconds) = components
        let (scaled, overflow) = seconds.multipliedReportingOverflow(by: 1000)
        return overflow ? .max : Int32(clamping: scaled + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
    }
}

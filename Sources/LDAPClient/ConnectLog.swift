internal import CLDAP
internal import Glibc
internal import Synchronization

/// Overhears what libldap logs: the only place where it says why a connection or a handshake failed, and that it threw away a message.
///
/// Lines are kept per thread, so connections made side by side do not mix. Lines of threads that are not connecting are dropped but
/// for the count of messages thrown away; nothing is printed.
enum ConnectLog {
    private struct State {
        var lines: [UInt: [String]] = [:]
        var tossed: [UInt: Int] = [:]
        var isInstalled = false

        /// A level of which the library has no lines of its own: what is logged is what it logs at any level.
        static let quiet: Int32 = 0x4000

        mutating func installOnce() {
            guard !isInstalled else { return }
            isInstalled = true
            ConnectLog.install()
            ConnectLog.setLevel(State.quiet)
        }
    }

    /// How many messages the library threw away on this thread so far, because they answer no request.
    static var tossed: Int {
        let thread = UInt(pthread_self())
        return state.withLock { state in
            state.installOnce()
            return state.tossed[thread] ?? 0
        }
    }

    private static let state = Mutex(State())

    /// Runs the body and returns what was logged on this thread meanwhile, at most 200 lines.
    static func listen<Result>(_ body: () -> Result) -> (result: Result, lines: [String]) {
        let thread = UInt(pthread_self())
        state.withLock { state in
            state.lines[thread] = []
            state.installOnce()
            setLevel(State.quiet | 1)
        }
        let result = body()
        let lines = state.withLock { state in
            let lines = state.lines.removeValue(forKey: thread) ?? []
            if state.lines.isEmpty { setLevel(State.quiet) }
            return lines
        }
        return (result, lines)
    }

    private static func install() {
        let print: @convention(c) (UnsafePointer<CChar>?) -> Void = { text in
            guard let text else { return }
            ConnectLog.append(ServerText.escaped(UnsafeRawBufferPointer(start: text, count: strlen(text)), limit: 400))
        }
        _ = ber_set_option(nil, LBER_OPT_LOG_PRINT_FN, unsafeBitCast(print, to: UnsafeRawPointer.self))
    }

    private static func append(_ line: String) {
        let thread = UInt(pthread_self())
        let isTossed = line.utf8Range(of: "(tossing)") != nil
        state.withLock { state in
            if isTossed { state.tossed[thread, default: 0] += 1 }
            guard let count = state.lines[thread]?.count, count < 200 else { return }
            state.lines[thread]?.append(line)
        }
    }

    private static func setLevel(_ level: Int32) {
        var level = level
        ldap_set_option(nil, LDAP_OPT_DEBUG_LEVEL, &level)
    }
}

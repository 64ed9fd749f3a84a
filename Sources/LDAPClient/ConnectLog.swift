internal import CLDAP
internal import Glibc
internal import Synchronization

/// Overhears what libldap logs while a thread connects: the only place where it says why a connection or a handshake failed.
///
/// The log is switched on for the process and its lines are kept per thread, so connections made side by side do not mix. Lines of
/// threads that are not connecting are dropped; nothing is printed.
enum ConnectLog {
    private struct State {
        var lines: [UInt: [String]] = [:]
        var isInstalled = false
    }

    private static let state = Mutex(State())

    /// Runs the body and returns what was logged on this thread meanwhile, at most 200 lines.
    static func listen<Result>(_ body: () -> Result) -> (result: Result, lines: [String]) {
        let thread = UInt(pthread_self())
        state.withLock { state in
            state.lines[thread] = []
            if !state.isInstalled {
                install()
                state.isInstalled = true
            }
            setLevel(1)
        }
        let result = body()
        let lines = state.withLock { state in
            let lines = state.lines.removeValue(forKey: thread) ?? []
            if state.lines.isEmpty { setLevel(0) }
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
        state.withLock { state in
            guard let count = state.lines[thread]?.count, count < 200 else { return }
            state.lines[thread]?.append(line)
        }
    }

    private static func setLevel(_ level: Int32) {
        var level = level
        ldap_set_option(nil, LDAP_OPT_DEBUG_LEVEL, &level)
    }
}

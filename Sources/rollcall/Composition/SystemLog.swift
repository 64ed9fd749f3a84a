import Glibc

/// The system's log, where other programs and machines can see it.
enum SystemLog {
    /// Writes one line as `rollcall`, at the level of notices.
    static func write(_ line: String) {
        openlog("rollcall", LOG_PID, LOG_DAEMON)
        line.withCString { text in
            // The text is never a format itself.
            withVaList([text]) { vsyslog(LOG_NOTICE, "%s", $0) }
        }
        closelog()
    }
}

import Glibc
import Reports

/// What stands behind a descriptor: a person who can read and answer, or not.
enum Terminal {
    static func isPerson(at descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

    /// Colors on a terminal that knows them, unless `NO_COLOR` is set to something (no-color.org).
    static func style(of descriptor: Int32, showAll: ShowAll = .long) -> TextStyle {
        let isPerson = isPerson(at: descriptor)
        let noColor = Environment.value("NO_COLOR").map { !$0.isEmpty } ?? false
        let isDumb = Environment.value("TERM").map { $0 == "dumb" } ?? true
        let isCut = isPerson && showAll == .long
        return TextStyle(
            colors: isPerson && !noColor && !isDumb, entriesAtMost: isCut ? TextStyle.terminalEntries : nil,
            cellAtMost: isCut ? TextStyle.terminalCell : nil, columns: isCut ? columns(of: descriptor) : nil)
    }

    /// How many columns a terminal shows: as `COLUMNS` says, else as it says itself; nil where neither is known.
    private static func columns(of descriptor: Int32) -> Int? {
        if let set = Environment.value("COLUMNS").flatMap({ Int($0) }), set > 0 { return set }
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return Int(size.ws_col)
    }

    /// Asks on standard error and reads one line; nil at the end of input.
    static func ask(_ question: String) -> String? {
        put(question)
        return readLine(strippingNewline: true)
    }

    /// The same for a question while which others wait; nil also where nobody answers in time.
    static func ask(_ question: String, after note: String, within limit: AnswerLimit) -> String? {
        var page = TextPage(style: style(of: STDERR_FILENO))
        page.line("\(note)")
        Output.message(page.bytes)
        put(question)
        guard isAnswered(within: limit.seconds) else {
            Output.message(Array("\nno answer within \(limit.words)\n".utf8))
            return nil
        }
        return readLine(strippingNewline: true)
    }

    private static func put(_ question: String) {
        Output.message(prompt(question, style: style(of: STDERR_FILENO)))
    }

    /// A question as it is asked: the answer is typed behind it, on the same line.
    static func prompt(_ question: String, style: TextStyle) -> [UInt8] {
        var page = TextPage(style: style)
        page.line(Span(question, .strong))
        return Array(page.bytes.dropLast()) + [0x20]
    }

    /// Waits for a line, or the end of input; a signal does not lengthen it.
    private static func isAnswered(within seconds: Int) -> Bool {
        let end = milliseconds() + Int64(seconds) * 1_000
        while true {
            var waiting = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
            let left = max(0, end - milliseconds())
            let ready = poll(&waiting, 1, Int32(clamping: left))
            if ready > 0 { return true }
            if ready < 0, errno != EINTR { return true }
            if left == 0 { return false }
        }
    }

    private static func milliseconds() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
    }

    /// Asks without showing what is typed, for secrets; nil where there is no terminal.
    static func askSecret(_ question: String) -> [UInt8]? {
        var before = termios()
        guard tcgetattr(STDIN_FILENO, &before) == 0 else { return nil }
        var silent = before
        silent.c_lflag &= ~tcflag_t(ECHO)
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent)
        defer {
            tcsetattr(STDIN_FILENO, TCSAFLUSH, &before)
            Output.message([0x0A])
        }
        return ask(question).map { Array($0.utf8) }
    }

    /// Whether long lists, and long texts in lists, are shown whole on a terminal.
    enum ShowAll { case long, whole }
}

/// Variables that the caller set.
enum Environment {
    static func value(_ name: String) -> String? {
        guard let value = getenv(name) else { return nil }
        return String(cString: value)
    }
}

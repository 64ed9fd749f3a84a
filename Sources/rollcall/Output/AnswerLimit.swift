import Diagnostics
import Reports

/// How long a question waits for an answer: whoever asks holds the lock, and a night must not wait for a forgotten terminal.
struct AnswerLimit {
    /// Seconds.
    let seconds: Int

    private static let standard = 600

    /// 10 minutes, or as many seconds as `ROLLCALL_ANSWER_WITHIN` says, an hour at most.
    static var ofLock: AnswerLimit {
        let given = Environment.value("ROLLCALL_ANSWER_WITHIN").flatMap(WholeNumber.parse)
        return AnswerLimit(seconds: given.map { min(max($0, 0), 3_600) } ?? standard)
    }

    /// `10 minutes`.
    var words: String {
        seconds > 0 && seconds % 60 == 0 ? Counted.text(seconds / 60, "minute") : Counted.text(seconds, "second")
    }

    /// What a prompt says of it.
    var sentence: String { "Without an answer within \(words) nothing is done." }
}

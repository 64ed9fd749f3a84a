import Glibc

/// How much tests do, and what they did: `scripts/soak` asks for the full figures and prints them at its end.
package enum Figures {
    package static let isSoak = getenv("ROLLCALL_SOAK") != nil

    /// The quick figure, or the full one in a soak.
    package static func of(_ quick: Int, soak: Int) -> Int { isSoak ? soak : quick }

    /// Leaves a line for the summary.
    package static func note(_ text: String) {
        let line = Array("figure: \(text)\n".utf8)
        _ = write(STDOUT_FILENO, line, line.count)
    }
}

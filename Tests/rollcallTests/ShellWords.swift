/// The words that a shell hands to a program that a line calls, up to the first comment, pipe or redirection.
///
/// Knows quotation marks and nothing else of a shell.
struct ShellWords {
    var words: [String] = []

    init(_ line: String) {
        var word: String?
        var quote: Unicode.Scalar?
        for scalar in line.unicodeScalars {
            if quote == nil, scalar == " " {
                if let word { words.append(word) }
                word = nil
            } else if quote == nil, word == nil, "#>|&;".unicodeScalars.contains(scalar) {
                return
            } else if quote == nil, scalar == "'" || scalar == "\"" {
                quote = scalar
                word = word ?? ""
            } else if scalar == quote {
                quote = nil
            } else {
                word = word ?? ""
                word?.unicodeScalars.append(scalar)
            }
        }
        if let word { words.append(word) }
    }
}

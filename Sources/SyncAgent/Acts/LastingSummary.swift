/// The summary of a run as the chain of runs keeps it: for good, and so without what people are called.
///
/// The audit names them by number, and views show the email that goes with it for as long as it is known.
enum LastingSummary {
    /// The sentences with `user 12` in the place of what was typed for somebody; one without a number becomes `somebody new`.
    static func text(_ sentences: [String], of people: [(person: String, user: Int64?)]) -> String {
        var text = sentences.joined(separator: "; ")
        for (person, user) in people where !person.isEmpty {
            let number = user.flatMap { $0 == 0 ? nil : $0 }
            text = replacing("`\(person)`", in: text, by: number.map { "user \($0)" } ?? "somebody new")
        }
        return text
    }

    /// A summary with emails in the place of numbers, for those that are known.
    static func naming(_ summary: String, by emails: [Int64: String]) -> String {
        let word = Array("user ".utf8)
        let bytes = Array(summary.utf8)
        var result: [UInt8] = []
        var place = 0
        while place < bytes.count {
            let digits = bytes[place...].starts(with: word) ? bytes[(place + word.count)...].prefix { isDigit($0) } : []
            if let number = Int64(String(decoding: digits, as: UTF8.self)), let email = emails[number] {
                result += Array("`\(email)`".utf8)
                place += word.count + digits.count
            } else {
                result.append(bytes[place])
                place += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

    /// Byte by byte: names that merely look alike are not the same.
    private static func replacing(_ name: String, in text: String, by word: String) -> String {
        let wanted = Array(name.utf8)
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        var place = 0
        while place < bytes.count {
            if bytes[place...].starts(with: wanted) {
                result += Array(word.utf8)
                place += wanted.count
            } else {
                result.append(bytes[place])
                place += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}

/// A report for people in Markdown, as it is: for runs of which there is no plan any more.
package enum TextInMarkdown {
    /// A block of code; its fence is longer than any backticks within (CommonMark 0.31 section 4.5).
    package static func bytes(_ text: [UInt8]) -> [UInt8] {
        var longest = 2
        var run = 0
        for byte in text {
            run = byte == UInt8(ascii: "`") ? run + 1 : 0
            longest = max(longest, run)
        }
        let fence = [UInt8](repeating: UInt8(ascii: "`"), count: longest + 1)
        return fence + [0x0A] + text + (text.last == 0x0A ? [] : [0x0A]) + fence + [0x0A]
    }
}

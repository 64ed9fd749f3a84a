/// Why bytes are not a distinguished name (RFC 4514), and where.
package struct DNSyntaxError: Error, Sendable, Equatable {
    package enum Reason: String, Sendable, Equatable {
        case missingType = "an attribute type is missing"
        case badType = "an attribute type holds a character that is not a letter, digit, `-` or `.`"
        case missingEquals = "`=` is missing after the attribute type"
        case unescapedSpecial = "one of `\"`, `;`, `<`, `>` or NUL stands in a value without a backslash before it"
        case badEscape = "a backslash is followed by neither two hexadecimal digits nor a special character"
        case badHexString = "the value after `#` is not the hexadecimal form of one BER element"
        case unclosedQuote = "a quoted value is not closed"
        case textAfterValue = "text follows a quoted or `#` value"
    }

    package let reason: Reason
    /// Offset of the offending byte.
    package let offset: Int

    package init(reason: Reason, offset: Int) {
        self.reason = reason
        self.offset = offset
    }
}

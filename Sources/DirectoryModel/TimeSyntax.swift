/// How an attribute writes a moment.
package enum TimeSyntax: Sendable, Equatable {
    /// `20261120222120Z` (RFC 4517 §3.3.13).
    case generalized
    /// Windows' units since 1601.
    case fileTime
    /// Days since 1970 (RFC 2307, `shadowExpire`).
    case days

    private static let fileTimes: Set<String> = [
        "accountexpires", "badpasswordtime", "lastlogon", "lastlogontimestamp", "lockouttime", "pwdlastset",
    ]

    /// The syntax of an attribute by its name; what is not known is GeneralizedTime, as standards have it.
    package init(attribute: String) {
        let name = attribute.lowercased()
        if TimeSyntax.fileTimes.contains(name) {
            self = .fileTime
        } else {
            self = name == "shadowexpire" ? .days : .generalized
        }
    }

    /// What a value says.
    ///
    /// No day, 0 included, is before shadow passwords: tools disagree whether 0 means long ago or never, so it is never.
    package func read(_ bytes: some Collection<UInt8>) -> FileTime.Reading {
        switch self {
        case .generalized: GeneralizedTime.seconds(bytes).map { .seconds($0) } ?? .garbage
        case .fileTime: FileTime.read(bytes)
        case .days:
            switch WireNumber.signed(bytes) {
            case .none: .garbage
            case .some(let days) where days <= 0: .never
            case .some(let days) where days > 100_000_000: .never
            case .some(let days): .seconds(days * 86_400)
            }
        }
    }
}

/// What a hold stops, in the words of reports and explanations.
package enum HoldReach: Sendable, Equatable {
    /// The target: all of it, or all but suspensions of disabled people.
    case target(isWhole: Bool)
    case group

    package var words: String {
        switch self {
        case .target(isWhole: true): "nothing of the target is written"
        case .target(isWhole: false): "everything but suspensions of disabled people"
        case .group: "its members keep what it gave them, new ones get nothing through it; the rest goes on"
        }
    }

    /// Begins the sentence of each hold of a group.
    static let groupMark = "group "

    /// What each of the holds of one target stopped, withheld grants aside, by their sentences: of a run on record there is no more.
    package static func all(_ messages: [String], isPaused: Bool) -> [HoldReach] {
        let disabled = [1, 2].map { GuardKind.suspendDisabled.words($0) }
        let isWhole = isPaused || messages.contains { message in disabled.contains { message.utf8.has($0.utf8) } }
        return messages.map { message in
            message.utf8.starts(with: groupMark.utf8) ? .group : .target(isWhole: isWhole)
        }
    }
}

extension String.UTF8View {
    /// Whether the bytes stand somewhere in here.
    fileprivate func has(_ part: String.UTF8View) -> Bool {
        indices.contains { self[$0...].starts(with: part) }
    }
}

/// A human knows of a finding and does not want to hear of it again before a day.
package struct Acknowledgement: Sendable, Equatable {
    package var target: String
    /// What the finding is about: `FindingKey`.
    package var key: String
    /// Seconds since 1970; from then on the finding speaks again.
    package var until: Int64
    package var reason: String
    /// The operating system's user who gave it.
    package var actor: String
    /// When it was given, seconds since 1970.
    package var since: Int64
    /// The run that recorded it.
    package var run: Int64

    package init(
        target: String, key: String, until: Int64, reason: String, actor: String, since: Int64, run: Int64
    ) {
        self.target = target
        self.key = key
        self.until = until
        self.reason = reason
        self.actor = actor
        self.since = since
        self.run = run
    }

    /// The name by which a human means the finding.
    package var id: String { FindingKey.id(of: key, target: target) }
}

/// The acknowledgements that stand at one time, to be asked by finding.
package struct Acknowledgements: Sendable, Equatable {
    private var byTarget: [String: [String: Acknowledgement]] = [:]

    package static let none = Acknowledgements()

    private init() {}

    package init(_ all: [Acknowledgement], at now: Int64) {
        for one in all where now < one.until { byTarget[one.target, default: [:]][one.key] = one }
    }

    /// Nil for a finding that nobody acknowledged.
    package func of(_ finding: Finding, on target: String) -> Acknowledgement? {
        byTarget[target].flatMap { $0[FindingKey.of(finding)] }
    }

    /// How many of these are acknowledged.
    package func count(_ findings: [Finding], on target: String) -> Int {
        guard let keys = byTarget[target] else { return 0 }
        return findings.count { keys[FindingKey.of($0)] != nil }
    }
}

/// What a human changes about acknowledgements, in one act.
package struct AcknowledgementAct: Sendable, Equatable {
    /// Given, or given anew.
    package var given: [Acknowledgement] = []
    /// Target and key of those taken back.
    package var takenBack: [(target: String, key: String)] = []

    package init(given: [Acknowledgement] = [], takenBack: [(target: String, key: String)] = []) {
        self.given = given
        self.takenBack = takenBack
    }

    package static func == (left: AcknowledgementAct, right: AcknowledgementAct) -> Bool {
        left.given == right.given && left.takenBack.elementsEqual(right.takenBack) { $0 == $1 }
    }
}

/// What a step found, by step.
package enum StepFacts: Sendable, Equatable {
    case name(NameFacts)
    case connection(ConnectionFacts)
    case tls(TLSFacts)
    case bind(BindFacts)
    case identity(IdentityFacts)
    case server(ServerFacts)
    case bases(BaseFacts)
    case limits(LimitFacts)
    case reading(ReadingFacts)
    case people(PeopleFacts)
    case groups(GroupFacts)
    case accounts(AccountFacts)
    case ranges(RangeFacts)
    case changes(ChangeFacts)
    case deleted(DeletedFacts)
    case clock(ClockFacts)
    case replica(ReplicaFacts)
    case rights(RightsFacts)
}

/// A count of things that share a name.
package struct NamedCount: Sendable, Equatable {
    package var name: String
    package var count: Int

    package init(_ name: String, _ count: Int) {
        self.name = name
        self.count = count
    }
}

/// What one of several servers failed by.
package struct ServerFault: Sendable, Equatable {
    package var server: String
    package var cause: FailureCause
    package var failure: PullFailure
    /// Whether a run would fail here, although another server might serve it.
    package var stopsRun: Bool

    package init(server: String, cause: FailureCause, failure: PullFailure, stopsRun: Bool = false) {
        self.server = server
        self.cause = cause
        self.failure = failure
        self.stopsRun = stopsRun
    }
}

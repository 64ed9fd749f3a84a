/// One thing about a directory that is tried by itself, in the order in which they are tried.
package enum ExaminationStep: String, Sendable, CaseIterable {
    case name
    case connection
    case tls
    case bind
    case identity
    case server
    case bases
    case limits
    case reading
    case people
    case groups
    case accounts
    case ranges
    case changes
    case deleted
    case clock
    case replica
    case rights

    /// The step without whose success this one cannot be tried.
    package var needs: ExaminationStep? {
        switch self {
        case .name: nil
        case .connection: .name
        case .tls: .connection
        case .bind: .tls
        case .identity, .server: .bind
        case .bases, .deleted, .clock, .replica: .server
        case .limits, .reading, .rights: .bases
        case .people, .groups, .accounts, .ranges, .changes: .reading
        }
    }
}

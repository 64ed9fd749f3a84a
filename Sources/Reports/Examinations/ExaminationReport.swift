package import DirectoryModel

/// What `rollcall doctor` found, of one directory or several: what its renderings are made from.
package struct ExaminationReport: Sendable {
    package static let format = "rollcall.doctor/1"

    package var examinations: [Examination]
    /// The `directories:` section of a first configuration for each; nil where none is wanted, or too little is known.
    package var starters: [String?]
    package var exitStatus: Int

    package init(_ examinations: [Examination], starters: [String?] = [], exitStatus: Int) {
        self.examinations = examinations
        self.starters = starters
        self.exitStatus = exitStatus
    }
}

extension ExaminationStep {
    /// For people.
    package var title: String {
        switch self {
        case .name: "name"
        case .connection: "connection"
        case .tls: "TLS"
        case .bind: "bind"
        case .identity: "who am I"
        case .server: "server"
        case .bases: "bases"
        case .limits: "limits"
        case .reading: "reading"
        case .people: "people"
        case .groups: "groups"
        case .accounts: "accounts"
        case .ranges: "ranges"
        case .changes: "changes"
        case .deleted: "deleted"
        case .clock: "clock"
        case .replica: "replica"
        case .rights: "rights"
        }
    }
}

/// What came of trying everything about one directory: pure data, from which reports are made.
package struct Examination: Sendable, Equatable {
    /// Name of the directory as configured; the host where there is no configuration.
    package var directory: String
    /// URL of the server that was examined; empty where none could be reached.
    package var server: String
    /// When it was examined, seconds since 1970.
    package var time: Int64
    /// Each step, in their order.
    package var steps: [ExaminedStep]
    /// How the tools of OpenLDAP would reach the same server as the same account.
    package var access: ExaminedAccess
    /// What a configuration of this directory could begin with; nil where too little is known.
    package var proposal: DirectoryProposal?

    package init(
        directory: String, server: String = "", time: Int64, steps: [ExaminedStep] = [], access: ExaminedAccess,
        proposal: DirectoryProposal? = nil
    ) {
        self.directory = directory
        self.server = server
        self.time = time
        self.steps = steps
        self.access = access
        self.proposal = proposal
    }

    package subscript(_ step: ExaminationStep) -> ExaminedStep? { steps.first { $0.step == step } }

    /// The first thing for which a run would fail; nil where it would not.
    package var failure: PullFailure? {
        steps.lazy.flatMap(\.ailments).first { $0.weight == .bad }.map { $0.failure(of: directory) }
    }
}

/// What came of one step.
package struct ExaminedStep: Sendable, Equatable {
    package enum Verdict: String, Sendable {
        case good, note, warning, bad, skipped
    }

    package var step: ExaminationStep
    /// What was found; nil where nothing could be asked.
    package var facts: StepFacts?
    /// What is wrong, or should be known, gravest first.
    package var ailments: [Ailment]
    /// What was asked of the server.
    package var reads: [ExaminedRead]
    /// The step because of whose failure this one was not tried.
    package var skippedBecause: ExaminationStep?

    package init(
        _ step: ExaminationStep, facts: StepFacts? = nil, ailments: [Ailment] = [], reads: [ExaminedRead] = [],
        skippedBecause: ExaminationStep? = nil
    ) {
        self.step = step
        self.facts = facts
        self.ailments = ailments.enumerated().sorted {
            $0.element.weight == $1.element.weight ? $0.offset < $1.offset : $0.element.weight > $1.element.weight
        }.map(\.element)
        self.reads = reads
        self.skippedBecause = skippedBecause
    }

    package var verdict: Verdict {
        if skippedBecause != nil { return .skipped }
        switch ailments.first?.weight {
        case .bad: return .bad
        case .warning: return .warning
        case .note: return .note
        case nil: return .good
        }
    }
}

/// Who asks whom, as far as a command line can say it; never a secret.
package struct ExaminedAccess: Sendable, Equatable {
    package enum Bind: Sendable, Equatable {
        case anonymous
        /// With the file that holds the password, where there is one.
        case simple(dn: String, passwordFile: String?)
        case external
        case gssapi
    }

    package var url: String
    package var bind: Bind
    package var usesStartTLS: Bool
    package var caFile: String?
    package var certificateFile: String?
    package var keyFile: String?

    package init(
        url: String, bind: Bind, usesStartTLS: Bool = false, caFile: String? = nil, certificateFile: String? = nil,
        keyFile: String? = nil
    ) {
        self.url = url
        self.bind = bind
        self.usesStartTLS = usesStartTLS
        self.caFile = caFile
        self.certificateFile = certificateFile
        self.keyFile = keyFile
    }
}

/// One thing that was asked of the server, so that a human can ask the same.
package struct ExaminedRead: Sendable, Equatable {
    package enum Scope: String, Sendable { case base, one, sub }

    /// A control, as `ldapsearch -E` takes it: `!pr=1000/noprompt`.
    package var extensions: [String]
    package var base: String
    package var scope: Scope
    /// As RFC 4515 writes it.
    package var filter: String
    /// Empty asks for no attributes.
    package var attributes: [String]
    /// Whether only names of attributes are asked for, not their values.
    package var typesOnly: Bool
    /// Entries to stop after; 0 for all.
    package var sizeLimit: Int32
    /// Whether it is the question who the server takes us for, and no search.
    package var isWhoAmI = false

    package init(
        base: String, scope: Scope = .sub, filter: String = "(objectClass=*)", attributes: [String] = [],
        extensions: [String] = [], typesOnly: Bool = false, sizeLimit: Int32 = 0
    ) {
        self.extensions = extensions
        self.base = base
        self.scope = scope
        self.filter = filter
        self.attributes = attributes
        self.typesOnly = typesOnly
        self.sizeLimit = sizeLimit
    }

    package static var whoAmI: ExaminedRead {
        var read = ExaminedRead(base: "")
        read.isWhoAmI = true
        return read
    }
}

/// What the `directories:` section of a first configuration could say.
package struct DirectoryProposal: Sendable, Equatable {
    package var kind: DirectoryKind
    package var peopleBases: [String]
    package var groupBases: [String]
    /// Domains of the emails that were seen, the most frequent first.
    package var emailDomains: [String]

    package init(kind: DirectoryKind, peopleBases: [String], groupBases: [String], emailDomains: [String] = []) {
        self.kind = kind
        self.peopleBases = peopleBases
        self.groupBases = groupBases
        self.emailDomains = emailDomains
    }
}

package import Reconciliation

/// The questions about the chain of runs that only the roster's adapter can answer.
package struct RosterChain {
    /// Nil before the first run.
    package var head: () throws -> AuditHead?
    /// Hash of one run; nil where there is no such run.
    package var hash: (_ run: Int64) throws -> String?
    /// Records a run that takes the roster as it is.
    package var accept: (RunRecord) throws -> Void

    /// Everything that is not as it was written, one sentence each.
    package var problems: () throws -> [String] = { [] }
    /// Writes the whole roster into a new file, durable when it returns.
    package var copy: (_ path: String) throws -> Void = { _ in }

    /// Replaces emails and names of people removed before a time, as the run that is given; how many.
    package var pseudonymize: (_ time: Int64, _ record: RunRecord) throws -> Int = { _, _ in 0 }

    /// How many people that would be.
    package var countRemoved: (_ time: Int64) throws -> Int = { _ in 0 }

    package init(
        head: @escaping () throws -> AuditHead?, hash: @escaping (_ run: Int64) throws -> String?,
        accept: @escaping (RunRecord) throws -> Void
    ) {
        self.head = head
        self.hash = hash
        self.accept = accept
    }

    /// For rosters without a chain.
    package static var none: RosterChain { RosterChain(head: { nil }, hash: { _ in nil }, accept: { _ in }) }
}

/// The run at the end of the chain, with its hash in hexadecimal digits: what proves a roster.
package struct AuditHead: Sendable, Equatable {
    package var run: Int64
    package var hash: String

    package init(run: Int64, hash: String) {
        self.run = run
        self.hash = hash
    }
}

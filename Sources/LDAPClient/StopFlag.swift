internal import Synchronization

/// Raised by one thread to end what another waits for: within a quarter of a second every wait on a connection sees it.
package final class StopFlag: Sendable {
    private let raised = Atomic(false)

    package init() {}

    package var isRaised: Bool { raised.load(ordering: .relaxed) }

    package func raise() { raised.store(true, ordering: .relaxed) }
}

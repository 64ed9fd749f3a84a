/// Messages that did not get through are tried again between the runs, when their time has come.
extension Daemon {
    /// Looks when the next message is due, after whatever may have left one.
    func awaitDelivery() {
        guard files.configuration.deliver != nil else { return state.awaitDelivery(at: nil) }
        state.awaitDelivery(at: agent.nextDelivery(files.configuration))
    }

    func deliver() {
        do throws(AgentFailure) {
            let count = try agent.deliverDue(files.configuration)
            if count > 0 { log(.notice, "\(count) \(count == 1 ? "message" : "messages") delivered that had waited") }
            awaitDelivery()
        } catch {
            // Whoever holds the lock delivers at its end; what cannot be done now is not urgent enough to be told each time.
            if error.status != .locked { log(.warning, "messages could not be delivered: \(error.message)") }
            let pause: Int64 = error.status == .locked ? 20 : 300
            state.awaitDelivery(at: agent.context.clock() + pause)
        }
        showLife()
    }
}

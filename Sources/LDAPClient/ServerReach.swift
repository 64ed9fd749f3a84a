internal import Glibc

/// Finding and connecting to a server, each by itself and each within `timeouts.connect`; nothing is sent.
package struct ServerReach {
    /// What came of connecting to one address.
    package struct Attempt: Sendable, Equatable {
        /// As numbers; empty for a socket of this machine.
        package var address: String
        package var milliseconds: Int
        /// The system's words, and whether nothing came at all; nil where the connection stood.
        package var failure: LDAPError?
    }

    package let server: LDAPURL
    package let settings: ConnectionSettings

    package init(_ server: LDAPURL, _ settings: ConnectionSettings) {
        self.server = server
        self.settings = settings
    }

    /// The addresses of the host as numbers, in the order of the system; none for a socket of this machine.
    package func addresses() throws(LDAPError) -> [String] { try found().map(\.text) }

    private func found() throws(LDAPError) -> [HostAddress] {
        guard server.scheme != .ldapi else { return [] }
        do throws(ConnectedSocket.Failure) { return try ConnectedSocket.addresses(of: server, settings) } catch {
            throw failure(error)
        }
    }

    private func failure(_ failure: ConnectedSocket.Failure) -> LDAPError {
        switch failure {
        case .unreachable(let reason): LDAPError(.unreachable(reason: reason), server: server.description)
        case .timedOut, .isTooLate: LDAPError(.timedOut(.connect), server: server.description)
        }
    }

    /// Connects to each address and ends the connection again, until one stands; at most eight.
    package func attempts() -> [Attempt] {
        guard server.scheme != .ldapi else { return [attempt(nil)] }
        guard let addresses = try? found() else { return [] }
        var made: [Attempt] = []
        for address in addresses.prefix(8) {
            made.append(attempt(address))
            if made.last?.failure == nil { break }
        }
        return made
    }

    private func attempt(_ address: HostAddress?) -> Attempt {
        let start = ContinuousClock.now
        var made = Attempt(address: address?.text ?? "", milliseconds: 0, failure: nil)
        do throws(ConnectedSocket.Failure) {
            let descriptor =
                if let address {
                    try ConnectedSocket.connect(address, .init(timeout: settings.timeouts.connect, stop: settings.stop))
                } else {
                    try ConnectedSocket.open(server, settings)
                }
            close(descriptor)
        } catch {
            made.failure = failure(error)
        }
        made.milliseconds = Int((ContinuousClock.now - start).milliseconds)
        return made
    }
}

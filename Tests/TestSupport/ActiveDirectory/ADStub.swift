import Glibc
import Synchronization

/// A server that behaves as Microsoft's Active Directory does where Samba does not: limits of pages and of values, cookies that belong
/// to a connection, references from the domain's root, result codes with sub-codes.
///
/// It speaks plain LDAP on loopback and serves the objects of an `ADDomain`, which tests change while it runs.
package final class ADStub: Sendable {
    /// What an administrator or the maker has set.
    package struct Options: Sendable {
        /// Entries in an answer at most; larger pages are cut down without a word.
        package var maxPageSize = 1000
        /// Values of an attribute in an answer at most.
        package var maxValRange = 1500
        /// Whether the service account may see what was deleted.
        package var mayReadDeleted = false
        /// Whether the service account may read changes of the whole domain.
        package var mayReplicate = false
        /// Why a bind fails, in the server's own code such as `775` (locked); nil for a bind that succeeds.
        package var bindFault: String?
        /// The first name in the reference that every search from the domain's root gets.
        package var host = "corp.example.org"

        /// Whether the domain has a child, to which every search from the domain's root gets a reference.
        package var hasChild = false

        package init(maxPageSize: Int = 1000, maxValRange: Int = 1500) {
            self.maxPageSize = maxPageSize
            self.maxValRange = maxValRange
        }
    }

    private struct State {
        var domain: ADDomain
        var options: Options
        var searches = 0
        var onSearch: (@Sendable (Int) -> Void)?
    }

    package static let reader = Account(dn: "CN=sync,CN=Users,\(ADDomain.suffix)", password: "Correct Horse 1")

    private let listener: LoopbackListener
    private let state: Mutex<State>

    package init(_ domain: ADDomain, options: Options = Options()) throws {
        listener = try LoopbackListener()
        state = Mutex(State(domain: domain, options: options))
        listener.serve { [weak self] client, _ in self?.serve(client) }
    }

    package var port: UInt16 { listener.port }
    package var url: String { listener.url }
    package var domain: ADDomain { state.withLock { $0.domain } }
    package var options: Options { state.withLock { $0.options } }
    /// How many searches, each page counted, were answered.
    package var searches: Int { state.withLock { $0.searches } }

    package func change(_ body: (inout ADDomain) -> Void) { state.withLock { body(&$0.domain) } }

    package func configure(_ body: (inout Options) -> Void) { state.withLock { body(&$0.options) } }

    /// Calls the closure before each search or page is answered, with its number from 1.
    package func onSearch(_ body: @escaping @Sendable (Int) -> Void) { state.withLock { $0.onSearch = body } }

    /// Ends every connection and stops listening.
    package func close() { listener.close() }

    private func serve(_ client: Int32) {
        var session = ADSession()
        var framer = LDAPFramer()
        var buffer = [UInt8](repeating: 0, count: 65536)
        reading: while true {
            let length = read(client, &buffer, buffer.count)
            guard length > 0 else { break }
            for message in framer.take(buffer[..<length]).compactMap({ LDAPMessage($0) }) {
                guard message.kind != .unbindRequest else { break reading }
                let answer = answer(message, &session)
                guard LDAPWire.write(answer.flatMap(\.encoded), to: client) else { break reading }
            }
        }
    }

    private func answer(_ message: LDAPMessage, _ session: inout ADSession) -> [LDAPMessage] {
        if message.kind == .searchRequest {
            let (number, hook) = state.withLock { state in
                state.searches += 1
                return (state.searches, state.onSearch)
            }
            hook?(number)
        }
        let (domain, options) = state.withLock { ($0.domain, $0.options) }
        session.domain = domain
        session.options = options
        return session.answer(message)
    }
}

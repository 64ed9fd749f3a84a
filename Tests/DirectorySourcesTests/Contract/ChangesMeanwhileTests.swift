import DirectoryModel
import DirectorySources
import LDAPClient
import TestSupport
import Testing

/// The directory changes while it is read: whoever is in neither half of the answer is looked for, and never taken for gone.
struct ChangesMeanwhileTests {
    /// Somebody moves from the branch that is read second to the one that was read first.
    @Test(arguments: ServerKind.allCases)
    func whoMovesBetweenTwoSearchesIsNotLost(_ kind: ServerKind) throws {
        let server = try ContractServer(kind)
        try server.rename(server.dn("p6"), to: "cn=p6", below: "ou=elsewhere,\(server.suffix)")
        let (people, elsewhere) = ("ou=people,\(server.suffix)", "ou=elsewhere,\(server.suffix)")
        let moves = Count()
        let move = LDAPFault.requests { message, _ in
            guard message.search?.base == elsewhere, message.search?.scope == 2, moves.next() == 1 else {
                return [.pass(message)]
            }
            let back: @Sendable () -> Void = {
                try? server.rename(server.dn("p6", below: "elsewhere"), to: "cn=p6", below: people)
            }
            return [.perform(back), .pass(message)]
        }
        let proxy = try server.proxy(move)
        let source = try server.source(try server.settings(people: [people, elsewhere]), url: proxy.url)
        let mirror: Mirror
        switch source.pull(PullRequest(), progress: { _ in }) {
        case .failed(let failure):
            #expect(failure.kind == .incomplete, "\(failure.message)")
            return
        case .complete(let pull): mirror = pull.mirror
        }
        #expect(moves.current >= 1)
        if mirror.person("p6") == nil {
            let answer = source.confirmAbsence(of: [try server.id(1006)], knownPresent: try server.id(1000))
            guard case .answered(let findings) = answer else { return }
            #expect(findings != [.gone])
            // Servers that tell how far their data have come let the read be repeated.
            #expect(kind == .ds389)
        }
        server.stop()
    }

    /// Somebody is moved to and fro, out of the way of each search, in so many readings.
    ///
    /// After the third the reading is given up: nobody knows what a torn one leaves out.
    @Test(arguments: [ServerKind.slapd, .stub], [2, 100])
    func whoMovesAgainAndAgainIsNotLost(_ kind: ServerKind, _ readings: Int) throws {
        let server = try ContractServer(kind)
        try server.rename(server.dn("p6"), to: "cn=p6", below: "ou=elsewhere,\(server.suffix)")
        let (people, elsewhere) = ("ou=people,\(server.suffix)", "ou=elsewhere,\(server.suffix)")
        let (first, second) = (Count(), Count())
        let move = LDAPFault.requests { message, _ in
            guard message.search?.scope == 2 else { return [.pass(message)] }
            if message.search?.base == people, case let number = first.next(), number > 1, number <= readings {
                let away: @Sendable () -> Void = {
                    try? server.rename(server.dn("p6"), to: "cn=p6", below: elsewhere)
                }
                return [.perform(away), .pass(message)]
            }
            if message.search?.base == elsewhere, second.next() <= readings {
                let back: @Sendable () -> Void = {
                    try? server.rename(server.dn("p6", below: "elsewhere"), to: "cn=p6", below: people)
                }
                return [.perform(back), .pass(message)]
            }
            return [.pass(message)]
        }
        let proxy = try server.proxy(move)
        let source = try server.source(try server.settings(people: [people, elsewhere]), url: proxy.url)
        switch source.pull(PullRequest(), progress: { _ in }) {
        case .complete(let pull):
            #expect(readings == 2)
            #expect(pull.mirror.person("p6") != nil)
        case .failed(let failure):
            #expect(readings > 2, "\(failure.message)")
            #expect(failure.kind == .incomplete)
            let words = "moved each of the 3 times that the directory was read"
            #expect(failure.message.contains(words), "\(failure.message)")
        }
        source.close()
        server.stop()
    }
}

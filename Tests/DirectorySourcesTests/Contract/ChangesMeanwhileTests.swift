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
        let mirror = try source.completePull().mirror
        #expect(moves.current >= 1)
        if mirror.person("p6") == nil {
            let answer = source.confirmAbsence(of: [try server.id(1006)], knownPresent: try server.id(1000))
            guard case .answered([.unknown]) = answer else { return #expect(Bool(false), "\(answer)") }
            // Servers that tell how far their data have come let the read be repeated.
            #expect(kind == .ds389)
        }
        server.stop()
    }

    /// Somebody is moved to and fro, out of the way of each search, in so many readings: a third one is made, and whoever it has not is not gone.
    @Test(arguments: [ServerKind.slapd, .stub], [2, 100])
    func whoMovesAgainAndAgainIsNotLost(_ kind: ServerKind, _ readings: Int) throws {
        let server = try ContractServer(kind)
        try server.rename(server.dn("p6"), to: "cn=p6", below: "ou=elsewhere,\(server.suffix)")
        let (people, elsewhere) = ("ou=people,\(server.suffix)", "ou=elsewhere,\(server.suffix)")
        let (first, second) = (Count(), Count())
        let move = LDAPFault.requests { message, _ in
            // The first page of each search, whatever the number of people.
            guard message.search?.scope == 2, message.pagedResults?.cookie.isEmpty ?? true else {
                return [.pass(message)]
            }
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
        let pull = try source.completePull()
        #expect(second.current == 3)
        if readings == 2 {
            #expect(pull.mirror.person("p6") != nil)
        } else {
            let answer = source.confirmAbsence(of: [try server.id(1006)], knownPresent: try server.id(1000))
            guard case .answered([.unknown]) = answer else { return #expect(Bool(false), "\(answer)") }
        }
        source.close()
        server.stop()
    }

    /// Somebody who was read is renamed each time before the reading ends: nobody knows what else it does not have, so it is given up.
    @Test(arguments: [(ServerKind.slapd, 2), (.slapd, 3), (.stub, 3)])
    func readingThatIsTornEachTimeIsNotBelieved(_ kind: ServerKind, _ readings: Int) throws {
        let server = try ContractServer(kind)
        let groups = "ou=groups,\(server.suffix)"
        let turns = Count()
        let move = LDAPFault.requests { message, _ in
            guard message.search?.scope == 2, message.search?.base == groups, case let turn = turns.next(),
                turn <= readings
            else { return [.pass(message)] }
            let from = turn == 1 ? server.dn("p6") : "cn=p6-\(turn - 1),ou=people,\(server.suffix)"
            let rename: @Sendable () -> Void = {
                try? server.rename(from, to: "cn=p6-\(turn)", below: "ou=people,\(server.suffix)")
            }
            return [.perform(rename), .pass(message)]
        }
        let proxy = try server.proxy(move)
        let source = try server.source(url: proxy.url)
        switch source.pull(PullRequest(), progress: { _ in }) {
        case .complete: #expect(readings == 2)
        case .failed(let failure):
            #expect(readings == 3 && failure.kind == .incomplete && !failure.isTransient, "\(failure.message)")
            let words = "moved each of the 3 times that the directory was read"
            #expect(failure.message.contains(words), "\(failure.message)")
        }
        source.close()
        server.stop()
    }
}

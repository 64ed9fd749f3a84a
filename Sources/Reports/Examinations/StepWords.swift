import Diagnostics
import DirectoryModel

/// What a step found, in words: one line, and what else there is, each with its label.
struct StepWords {
    var headline = ""
    var details: [(label: String, text: String)] = []

    init(_ facts: StepFacts, at now: Int64) {
        switch facts {
        case .name(let facts): take(facts)
        case .connection(let facts): take(facts)
        case .tls(let facts): take(facts, now)
        case .bind(let facts): headline = "taken \(facts.account.sentence)"
        case .identity(let facts): take(facts)
        case .server(let facts): take(facts)
        case .bases(let facts): take(facts)
        case .limits(let facts): take(facts)
        case .reading(let facts): take(facts)
        case .people(let facts): take(facts)
        case .groups(let facts): take(facts)
        case .accounts(let facts): take(facts)
        case .ranges(let facts): take(facts)
        case .changes(let facts): take(facts)
        case .deleted(let facts): take(facts)
        case .clock(let facts): take(facts)
        case .replica(let facts): take(facts)
        case .rights(let facts): take(facts)
        }
    }

    mutating func add(_ label: String, _ text: String) { if !text.isEmpty { details.append((label, text)) } }

    mutating func add(_ label: String, _ texts: [String]) {
        for (place, text) in texts.enumerated() { details.append((place == 0 ? label : "", text)) }
    }

    // MARK: From a name to a bound connection

    private mutating func take(_ facts: NameFacts) {
        if let domain = facts.domain {
            headline = "`\(domain)` names \(Counted.text(facts.hosts.count, "server"))"
        } else {
            headline = "\(Counted.text(facts.hosts.count, "server")) found by name"
        }
        if facts.hosts.count == 1, let host = facts.hosts.first { headline = host.sentence }
        if facts.hosts.count > 1 || facts.domain != nil { add("in order", facts.hosts.map(\.sentence)) }
    }

    private mutating func take(_ facts: ConnectionFacts) {
        let good = facts.attempts.filter { $0.reason == nil }
        headline = good.isEmpty ? "no server answered" : good.map(\.sentence).joined(separator: "; ")
        if facts.attempts.count > good.count {
            add("tried", facts.attempts.filter { $0.reason != nil }.map(\.sentence))
        }
    }

    private mutating func take(_ facts: TLSFacts, _ now: Int64) {
        guard facts.mode != .none else {
            headline = "none; what is sent stays on this machine"
            return
        }
        let accepted = facts.certificates.filter { $0.version != nil }
        let way = facts.mode == .starttls ? "after StartTLS" : "from the first byte"
        headline = accepted.first.map { "\($0.version ?? "") \(way); \($0.validity(now))" } ?? "no server was accepted"
        add("trusting", facts.caFile)
        if facts.isPinned { add("pinned", "only the key in `tls.pin_sha256` is accepted") }
        for certificate in facts.certificates { take(certificate, now) }
    }

    private mutating func take(_ certificate: TLSFacts.Certificate, _ now: Int64) {
        let standing = certificate.version == nil ? " (not accepted)" : ""
        add("server", certificate.server + standing)
        add("for", certificate.names.isEmpty ? certificate.subject : certificate.names.joined(separator: ", "))
        if !certificate.names.isEmpty { add("subject", certificate.subject) }
        add("issuer", certificate.issuer)
        if !certificate.notAfter.isEmpty {
            add("valid", "from \(certificate.notBefore) to \(certificate.notAfter): \(certificate.validity(now))")
        }
        guard let pin = certificate.pin else { return }
        // What nobody vouches for is not offered to be copied.
        let warning = certificate.version == nil ? "  (compare it with the server's own before you use it)" : ""
        add("pin", "pin_sha256: \(pin)\(warning)")
    }

    private mutating func take(_ facts: IdentityFacts) {
        switch facts.identity {
        case nil: headline = "not told"
        case "": headline = "anybody"
        case .some(let identity): headline = identity
        }
    }

    // MARK: The server

    private mutating func take(_ facts: ServerFacts) {
        let kind = facts.kind.map { "kind `\($0.rawValue)`" } ?? "of an unknown kind"
        headline = facts.vendor.isEmpty ? kind : "\(facts.vendor), \(kind)"
        add("sign-in by", facts.mechanisms.joined(separator: ", "))
        add("offers", facts.capabilities.names.joined(separator: ", "))
    }

    private mutating func take(_ facts: BaseFacts) {
        let found = facts.bases.filter { $0.standing == .found }
        headline =
            facts.areGuessed && !found.isEmpty
            ? "found by looking" : "\(found.count) of \(Counted.text(facts.bases.count, "base")) found"
        add("holds", facts.contexts)
        if let domain = facts.domain {
            let id = domain.securityID.map { ", \($0)" } ?? ", identifier hidden"
            add("domain", "\(domain.context)\(id), served by \(domain.host)")
        }
        for branch in [BaseFacts.Branch.people, .groups] {
            add(branch.rawValue, facts.bases.filter { $0.branch == branch && $0.standing == .found }.map(\.dn))
        }
    }

    private mutating func take(_ facts: LimitFacts) {
        let isWhole = facts.counts.allSatisfy { $0.code == 0 }
        let count = facts.counts.map(\.entries).max() ?? 0
        headline =
            isWhole
            ? "none met: \(Counted.text(count, "person", plural: "people")), in pages or not"
            : "runs ask \(facts.runsInPages ? "in pages" : "for one answer")"
        if !isWhole {
            add(
                "got",
                facts.counts.map { count in
                    "\(AilmentWords.way(count)): \(Counted.number(count.entries))"
                        + (count.code == 0 ? ", everybody" : ", then \(AilmentWords.limit(count.code)) (\(count.code))")
                })
        }
        if isWhole, facts.counts.count == 1 {
            headline = "none met: \(Counted.text(count, "person", plural: "people"))"
        }
        add("policy", facts.policy.joined(separator: ", "))
    }
}

extension NameFacts.Host {
    fileprivate var sentence: String {
        addresses.isEmpty
            ? "`\(server)` is a socket of this machine" : "`\(server)` is \(addresses.joined(separator: ", "))"
    }
}

extension ConnectionFacts.Attempt {
    fileprivate var sentence: String {
        let place = address.isEmpty ? server : address
        return reason.map { "\(place): \($0)" } ?? "\(place) in \(milliseconds) ms"
    }
}

extension TLSFacts.Certificate {
    /// `29 days left`.
    fileprivate func validity(_ now: Int64) -> String {
        guard let days = daysLeft(at: now) else { return "end unknown" }
        return days < 0 ? "ended \(Counted.text(-days, "day")) ago" : "\(Counted.text(days, "day")) left"
    }

    /// What `tls.pin_sha256` takes.
    var pin: String? { publicKey.isEmpty ? nil : Base64Text.of(SHA256.digest(publicKey)) }
}

extension ExaminedAccess.Bind {
    fileprivate var sentence: String {
        switch self {
        case .anonymous: "as nobody in particular"
        case .simple(let dn, _): "as `\(dn)`, the password sent once"
        case .external: "by who the system or the certificate says we are (EXTERNAL)"
        case .gssapi: "by Kerberos (GSSAPI)"
        }
    }
}

extension ServerFacts.Capabilities {
    /// For people and programs.
    var names: [String] {
        let all: [(ServerFacts.Capabilities, String)] = [
            (.paging, "paging"), (.contentSync, "content synchronization"), (.dirSync, "DirSync"),
            (.showDeleted, "show deleted"), (.effectiveRights, "effective rights"), (.startTLS, "StartTLS"),
            (.whoAmI, "who am I"),
        ]
        return all.filter { contains($0.0) }.map(\.1)
    }
}

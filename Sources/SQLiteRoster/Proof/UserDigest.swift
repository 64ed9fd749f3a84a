import DirectoryModel
import Reconciliation

/// The digest of one user: the row, and what only few users have.
enum UserDigest {
    /// The columns that a row is digested from, in order; readers add none in between.
    static let columns = """
        user, target, directory, entry_id, email, name, status, managed, access, group_set, since, last_sign_in, version, \
        person, reason
        """

    /// The digest of a row of `columns`.
    static func of(_ row: SQLStatement, id: ImmutableID) -> DigestSum {
        var digest = RowDigest()
        digest.add(number(row, 0))
        digest.add(number(row, 1))
        digest.add(number(row, 2))
        digest.add(number(row, 6))
        digest.add(number(row, 7))
        digest.add(number(row, 8))
        digest.add(number(row, 9))
        digest.add(number(row, 10))
        digest.add(number(row, 12))
        digest.add(number(row, 13))
        digest.add(number(row, 11))
        digest.add(row.isNull(14) ? 0 : number(row, 14))
        digest.add(id)
        digest.add(row.bytes(4))
        digest.add(row.bytes(5))
        return digest.value
    }

    /// A number of a row; what stands there instead of one would read as 0, and is damage that has to show.
    private static func number(_ row: SQLStatement, _ place: Int32) -> Int64 {
        if row.isInteger(place) { return row.integer(place) }
        return row.isNull(place) ? Int64.min : Int64.min + 1
    }

    /// Nothing for a user without details.
    static func of(_ details: UserDetails, user: Int64) -> DigestSum {
        if details.isEmpty { return DigestSum() }
        var digest = RowDigest()
        digest.add(user)
        digest.add(DetailsText.text(details))
        return digest.value
    }
}

/// The details of a user as one text: what images hold and digests are made from.
enum DetailsText {
    static func text(_ details: UserDetails) -> String {
        var words: [String] = []
        if let status = details.statusBefore { words += ["before", "\(StoredCode.code(status))"] }
        if let since = details.statusSince { words += ["since", "\(since)"] }
        for one in details.causes.sorted(by: { $0.kind < $1.kind }) {
            words += ["cause", one.kind.rawValue, "\(one.since)", one.by, one.reason]
        }
        for one in details.pending.sorted(by: { $0.kind < $1.kind }) {
            words += ["pending", one.kind.rawValue, "\(one.firstSeen)", "\(one.runs)"]
        }
        for kind in details.lifted.sorted() { words += ["lifted", kind.rawValue] }
        for one in details.manual.sorted() {
            let until = one.until.map { "\($0)" } ?? "-"
            words += ["manual", one.part.canonicalText, one.by, one.reason, "\(one.since)", until]
        }
        return LineList.text(words)
    }

    /// What the text says; nothing more where it makes no sense.
    static func details(_ text: String) -> UserDetails {
        var details = UserDetails()
        var words = LineList.lines(text)[...]
        func next() -> String { words.popFirst() ?? "" }
        while let word = words.popFirst() {
            switch word {
            case "before": details.statusBefore = Int64(next()).flatMap(StoredCode.status)
            case "since": details.statusSince = Int64(next())
            case "cause":
                let (kind, since, by, reason) = (next(), next(), next(), next())
                guard let kind = CauseKind(rawValue: kind) else { continue }
                details.causes.append(Cause(kind: kind, since: Int64(since) ?? 0, by: by, reason: reason))
            case "pending":
                let (kind, seen, runs) = (next(), next(), next())
                guard let kind = CauseKind(rawValue: kind) else { continue }
                details.pending.append(PendingCause(kind: kind, firstSeen: Int64(seen) ?? 0, runs: Int(runs) ?? 0))
            case "lifted": if let kind = CauseKind(rawValue: next()) { details.lifted.append(kind) }
            case "manual":
                let (part, by, reason, since, until) = (next(), next(), next(), next(), next())
                guard let part = ManualGrant.Part(canonicalText: part) else { continue }
                details.manual.append(
                    ManualGrant(part: part, by: by, reason: reason, since: Int64(since) ?? 0, until: Int64(until)))
            default: return details
            }
        }
        return details
    }
}

import Diagnostics
import DirectoryModel
import Reconciliation

/// Reads the CSV file of `import --update`: who, when they last signed in, whether they accepted the invitation.
struct SignInFile {
    private(set) var records: [SignInRecord] = []
    /// What stands in the file for each record's person, by line.
    private(set) var names: [Int: String] = [:]
    private(set) var diagnostics = DiagnosticList()
    private let path: String

    private enum Column: Hashable { case email, account, id, lastSignIn, accepted }
    /// Whether the column of account ids is called `id`, which may as well be the immutable one.
    private var accountMayBeID = false

    init(path: String, bytes: [UInt8]) {
        self.path = path
        diagnostics.register(SourceFile(name: path, bytes: bytes))
        do throws(CSVReader.Problem) {
            let rows = try CSVReader.rows(bytes)
            guard let heading = rows.first else {
                diagnostics.error("csv.empty", at: place(1), "the file holds nothing")
                return
            }
            let columns = columns(heading)
            guard !diagnostics.hasErrors else { return }
            for row in rows.dropFirst() { read(row, columns, width: heading.fields.count) }
        } catch {
            diagnostics.error("csv.malformed", at: place(error.line), error.message, hint: CSVReader.remedy)
        }
    }

    private func place(_ line: Int) -> SourcePosition { SourcePosition(file: path, line: line, column: 1) }

    private mutating func columns(_ heading: CSVReader.Row) -> [Column: Int] {
        var columns: [Column: Int] = [:]
        for (index, name) in heading.fields.enumerated() {
            guard let column = SignInFile.column(name) else { continue }
            if columns[column] != nil {
                diagnostics.error("csv.duplicate-column", at: place(heading.line), "column `\(name)` stands twice")
            }
            columns[column] = index
        }
        if let either = heading.fields.firstIndex(where: { $0.lowercased() == ListColumn.eitherID }) {
            accountMayBeID = columns[.account] == nil
            let column: Column = accountMayBeID ? .account : .id
            if columns[column] == nil { columns[column] = either }
        }
        if columns[.email] == nil, columns[.id] == nil, columns[.account] == nil {
            let hasSemicolons = heading.fields.count == 1 && heading.fields[0].utf8.contains(UInt8(ascii: ";"))
            diagnostics.error(
                "csv.no-person", at: place(heading.line),
                hasSemicolons
                    ? "the columns are parted by semicolons, expected commas"
                    : "there is no column `account`, `email` or `id`",
                hint: hasSemicolons
                    ? "export the list with commas between the columns"
                    : "name the columns in the first line: account,email,last_sign_in,accepted")
        } else if columns[.lastSignIn] == nil, columns[.accepted] == nil {
            diagnostics.error(
                "csv.nothing-told", at: place(heading.line), "there is no column `last_sign_in` or `accepted`",
                hint: "name the columns in the first line: email,last_sign_in,accepted")
        }
        return columns
    }

    /// Letter case, spaces, `-` and `_` do not count.
    private static func column(_ name: String) -> Column? {
        switch name.lowercased().filter({ $0.isLetter }) {
        case "email", "mail", "emailaddress": .email
        case "account", "accountid", "userid", "username": .account
        case "externalid", "immutableid": .id
        case "lastsignin", "lastlogin", "lastsignedin": .lastSignIn
        case "accepted", "invitationaccepted": .accepted
        default: nil
        }
    }

    private mutating func read(_ row: CSVReader.Row, _ columns: [Column: Int], width: Int) {
        guard row.fields.count == width else {
            diagnostics.error(
                "csv.wrong-width", at: place(row.line),
                "expected \(width) fields as in the first line, found \(row.fields.count)")
            return
        }
        func field(_ column: Column) -> String { columns[column].map { row.fields[$0] } ?? "" }
        guard let who = who(field(.account), field(.id), field(.email), row.line) else { return }
        var lastSignIn: Int64?
        let time = field(.lastSignIn)
        if !time.isEmpty, time.lowercased() != "never" {
            lastSignIn = SignInFile.time(time)
            if lastSignIn == nil {
                diagnostics.error(
                    "csv.bad-time", at: place(row.line), "expected a time, found `\(time)`",
                    hint: "write it like `2026-11-20T08:15:00Z`, or as a date; nothing, or `never`, where there is none"
                )
            }
        }
        let accepted = field(.accepted)
        guard let isAccepted = SignInFile.truth(accepted) else {
            diagnostics.error("csv.bad-truth", at: place(row.line), "expected `true` or `false`, found `\(accepted)`")
            return
        }
        records.append(SignInRecord(who: who, lastSignIn: lastSignIn, accepted: isAccepted, line: row.line))
    }

    /// As `import` tells people: by account, then by immutable id, then by email.
    private mutating func who(
        _ account: String, _ id: String, _ email: String, _ line: Int
    ) -> [SignInRecord.Who]? {
        names[line] = !email.isEmpty ? email : !account.isEmpty ? account : id
        var who: [SignInRecord.Who] = []
        if !account.isEmpty {
            who.append(.account(account))
            if accountMayBeID, let parsed = ImmutableID(written: account) { who.append(.id(parsed)) }
        }
        if !id.isEmpty {
            guard let parsed = ImmutableID(written: id) else {
                diagnostics.error("csv.bad-id", at: place(line), "expected an immutable id, found `\(id)`")
                return nil
            }
            who.append(.id(parsed))
        }
        if email.utf8.contains(UInt8(ascii: "@")) {
            who.append(.email(email))
        } else if !email.isEmpty || who.isEmpty {
            diagnostics.error("csv.bad-email", at: place(line), "expected an email, found `\(email)`")
            return nil
        }
        return who
    }

    static func truth(_ text: String) -> Bool? {
        switch text.lowercased() {
        case "true", "yes", "1": true
        case "", "false", "no", "0": false
        default: nil
        }
    }

    /// A time with its zone, UTC without one; fractions of a second do not count; a date is its beginning.
    static func time(_ text: String) -> Int64? {
        var bytes = Array(text.utf8)
        if bytes.count == 10 { return TimeText.parse(text + "T00:00Z") }
        if bytes.count > 10, bytes[10] == UInt8(ascii: " ") { bytes[10] = UInt8(ascii: "T") }
        if bytes.count > 19, bytes[19] == UInt8(ascii: ".") {
            let digits = bytes[20...].prefix { (0x30...0x39).contains($0) }.count
            bytes.removeSubrange(19..<(20 + digits))
        }
        let written = String(decoding: bytes, as: UTF8.self)
        return TimeText.parse(written) ?? TimeText.parse(written + "Z")
    }
}

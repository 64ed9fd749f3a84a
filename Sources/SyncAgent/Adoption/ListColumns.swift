import AccessModel
import Diagnostics

/// What a column of a platform's list of users tells.
enum ListColumn: Hashable {
    case account, id, person, email, name, role, template, status, workspace, assistants, permissions
    case lastSignIn, since, accepted
    /// Written by an earlier import, for humans.
    case why
    /// A switch of the platform, by its name.
    case switched(String)

    /// Letter case, spaces, `-` and `_` do not count.
    static func named(_ name: String, switches: [String]) -> ListColumn? {
        let letters = plain(name)
        if let found = switches.first(where: { plain($0) == letters }) { return .switched(found) }
        return names[letters]
    }

    private static func plain(_ name: String) -> String { String(name.lowercased().filter(\.isLetter)) }

    /// A column `id` is the account's, unless there is another for that.
    static let eitherID = "id"

    private static let names: [String: ListColumn] = [
        "account": .account, "accountid": .account, "userid": .account, "username": .account,
        "externalid": .id, "immutableid": .id, "entryuuid": .id, "objectguid": .id, "directoryid": .id,
        "person": .person,
        "email": .email, "mail": .email, "emailaddress": .email, "useremail": .email,
        "name": .name, "displayname": .name, "fullname": .name,
        "role": .role, "roles": .role, "userrole": .role, "workspacerole": .role,
        "template": .template, "templates": .template, "roletemplate": .template, "roletemplates": .template,
        "status": .status, "state": .status, "userstatus": .status,
        "workspace": .workspace, "workspacename": .workspace,
        "assistant": .assistants, "assistants": .assistants, "permission": .permissions, "permissions": .permissions,
        "lastsignin": .lastSignIn, "lastlogin": .lastSignIn, "lastsignedin": .lastSignIn, "lastactive": .lastSignIn,
        "created": .since, "createdat": .since, "since": .since, "invitedat": .since, "joined": .since,
        "accepted": .accepted, "invitationaccepted": .accepted, "why": .why,
    ]
}

/// The head of a list: which column stands where.
struct ListColumns {
    private(set) var places: [ListColumn: Int] = [:]
    /// Names of columns that nothing is known about.
    private(set) var ignored: [String] = []

    init(_ heading: CSVReader.Row, switches: [String], file: String, into diagnostics: inout DiagnosticList) {
        var either: Int?
        for (index, name) in heading.fields.enumerated() {
            let position = SourcePosition(
                file: file, line: heading.places[index].line, column: heading.places[index].column)
            if name.lowercased() == ListColumn.eitherID {
                either = index
                continue
            }
            guard let column = ListColumn.named(name, switches: switches) else {
                if !name.isEmpty { ignored.append(name) }
                continue
            }
            if places[column] != nil {
                diagnostics.error("csv.duplicate-column", at: position, "column `\(name)` stands twice")
            }
            places[column] = index
        }
        if let either {
            let column: ListColumn = places[.account] == nil ? .account : .id
            if places[column] == nil { places[column] = either }
        }
        if places[.email] == nil { refuse(heading, file, &diagnostics) }
    }

    private func refuse(_ heading: CSVReader.Row, _ file: String, _ diagnostics: inout DiagnosticList) {
        let hasSemicolons = heading.fields.count == 1 && heading.fields[0].utf8.contains(UInt8(ascii: ";"))
        diagnostics.error(
            "csv.no-email", at: SourcePosition(file: file, line: heading.line, column: 1),
            hasSemicolons
                ? "the columns are parted by semicolons, expected commas" : "there is no column `email`",
            hint: hasSemicolons
                ? "export the list with commas between the columns"
                : "name the columns in the first line: account,email,role,workspace,status,last_sign_in")
    }

    func has(_ column: ListColumn) -> Bool { places[column] != nil }

    /// The cell, without spaces around it; empty where there is no such column.
    func cell(_ column: ListColumn, _ row: CSVReader.Row) -> String {
        guard let place = places[column], place < row.fields.count else { return "" }
        return ListText.trimmed(row.fields[place])
    }

    func position(_ column: ListColumn, _ row: CSVReader.Row, file: String) -> SourcePosition {
        let place = places[column].flatMap { $0 < row.places.count ? row.places[$0] : nil }
        return SourcePosition(file: file, line: place?.line ?? row.line, column: place?.column ?? 1)
    }

    var switches: Set<String> {
        Set(
            places.keys.compactMap { column in
                if case .switched(let name) = column { name } else { nil }
            })
    }
}

/// How lists write names and several values.
enum ListText {
    static func trimmed(_ text: String) -> String {
        var rest = Substring(text).utf8
        while let byte = rest.first, byte <= 0x20 { rest = rest.dropFirst() }
        while let byte = rest.last, byte <= 0x20 { rest = rest.dropLast() }
        return String(Substring(rest))
    }

    /// The form in which emails are compared: every case folded; texts compare by canonical equivalence anyway.
    static func folded(_ email: String) -> String { email.uppercased().lowercased() }

    /// Parted by `;`, `|` or `,`.
    static func values(_ text: String) -> [String] {
        text.utf8.split(whereSeparator: { $0 == 0x3B || $0 == 0x7C || $0 == 0x2C })
            .map { trimmed(String(Substring($0))) }.filter { !$0.isEmpty }
    }

    /// As ids are made of titles: lower-case ASCII letters and digits, every other run of characters a `-`.
    static func slug(_ text: String) -> String {
        var slug: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case 0x41...0x5A: slug.append(byte | 0x20)
            case 0x61...0x7A, 0x30...0x39: slug.append(byte)
            default: if slug.last != 0x2D, !slug.isEmpty { slug.append(0x2D) }
            }
        }
        if slug.last == 0x2D { slug.removeLast() }
        return String(decoding: slug, as: UTF8.self)
    }
}

import AccessModel
import Diagnostics
import DirectoryModel
import Reconciliation

/// A platform's list of its users: CSV with a head, one line for each user, or for each user and workspace.
struct UserListFile {
    private(set) var accounts: [PlatformAccount] = []
    /// The lines of each account.
    private(set) var lines: [[CSVReader.Row]] = []
    private(set) var heading: [String] = []
    private(set) var told: ListedFacts = []
    private(set) var switches: Set<String> = []
    /// Columns that nothing is known about.
    private(set) var ignored: [String] = []
    /// Lines of users that the platform itself calls removed.
    private(set) var removed = 0
    private(set) var diagnostics = DiagnosticList()

    private let path: String
    private let settings: TargetSettings
    private var places: [ExactText: Int] = [:]

    init(path: String, bytes: [UInt8], settings: TargetSettings) {
        self.path = path
        self.settings = settings
        diagnostics.register(SourceFile(name: path, bytes: bytes))
        do throws(CSVReader.Problem) {
            let rows = try CSVReader.rows(bytes)
            guard let heading = rows.first else {
                diagnostics.error("csv.empty", at: place(1), "the list holds nothing")
                return
            }
            read(heading, rows.dropFirst())
        } catch {
            diagnostics.error("csv.malformed", at: place(error.line), error.message, hint: CSVReader.remedy)
        }
    }

    private func place(_ line: Int) -> SourcePosition { SourcePosition(file: path, line: line, column: 1) }

    private mutating func read(_ heading: CSVReader.Row, _ rows: ArraySlice<CSVReader.Row>) {
        self.heading = heading.fields
        let columns = ListColumns(
            heading, switches: settings.platform.switches.map(\.name), file: path, into: &diagnostics)
        guard !diagnostics.hasErrors else { return }
        ignored = columns.ignored
        switches = columns.switches
        tell(columns)
        let access = ListedAccess(settings: settings, columns: columns, file: path)
        for row in rows {
            guard row.fields.count == heading.fields.count else {
                diagnostics.error(
                    "csv.wrong-width", at: place(row.line),
                    "expected \(heading.fields.count) fields as in the first line, found \(row.fields.count)")
                continue
            }
            add(row, columns, access)
        }
        checkEmails(columns)
        checkTemplates(columns)
    }

    private mutating func tell(_ columns: ListColumns) {
        let facts: [(ListColumn, ListedFacts)] = [
            (.status, .status), (.accepted, .status), (.role, .roles), (.template, .templates),
            (.assistants, .grants), (.permissions, .permissions),
        ]
        for (column, fact) in facts where columns.has(column) { told.insert(fact) }
    }

    private mutating func add(_ row: CSVReader.Row, _ columns: ListColumns, _ access: ListedAccess) {
        let reader = ListedLine(columns: columns, file: path)
        guard let status = reader.status(row, &diagnostics) else { return }
        if status == .removed {
            removed += 1
            return
        }
        guard let email = reader.email(row, &diagnostics) else { return }
        var found = PlatformAccount(
            line: row.line, account: columns.cell(.account, row), email: email, status: status,
            access: access.read(row, into: &diagnostics))
        found.id = reader.id(row, &diagnostics)
        found.person = columns.cell(.person, row)
        found.name = columns.cell(.name, row)
        found.lastSignIn = reader.time(.lastSignIn, row, &diagnostics)
        found.since = reader.time(.since, row, &diagnostics)
        let key = ExactText(found.account.isEmpty ? "e" + ListText.folded(email) : "a" + found.account)
        if let known = places[key] {
            merge(found, into: known, row, columns)
        } else {
            places[key] = accounts.count
            accounts.append(found)
            lines.append([row])
        }
    }

    /// Another line of an account: another workspace of the same user.
    private mutating func merge(_ new: PlatformAccount, into known: Int, _ row: CSVReader.Row, _ columns: ListColumns) {
        var merged = accounts[known]
        if ListText.folded(merged.email) != ListText.folded(new.email) {
            contradict("email", .email, merged, row, columns)
            return
        }
        for role in new.access.roles {
            if let other = merged.access.role(in: role.scope), other != role.role || role.scope != .root {
                contradict("role", .role, merged, row, columns)
                return
            }
        }
        if !new.person.isEmpty, !merged.person.isEmpty, new.person != merged.person {
            contradict("person", .person, merged, row, columns)
            return
        }
        let settings = merged.access.permissions.filter { setting in
            !new.access.permissions.contains { $0.area == setting.area }
        }
        merged.access = Access(
            roles: Array(Set(merged.access.roles + new.access.roles)),
            templates: Array(Set(merged.access.templates + new.access.templates)),
            switches: Array(Set(merged.access.switches + new.access.switches)),
            grants: Array(Set(merged.access.grants + new.access.grants)),
            permissions: settings + new.access.permissions)
        merged.person = merged.person.isEmpty ? new.person : merged.person
        merged.status = ListedLine.stronger(merged.status, new.status)
        merged.lastSignIn = [merged.lastSignIn, new.lastSignIn].compactMap { $0 }.max()
        merged.since = [merged.since, new.since].compactMap { $0 }.min()
        accounts[known] = merged
        lines[known].append(row)
    }

    private mutating func contradict(
        _ what: String, _ column: ListColumn, _ first: PlatformAccount, _ row: CSVReader.Row, _ columns: ListColumns
    ) {
        let who = first.account.isEmpty ? "email `\(first.email)`" : "account `\(first.account)`"
        diagnostics.error(
            "list.two-lines", at: columns.position(column, row, file: path),
            "\(who) stands on line \(first.line) already, with another \(what) or for the same workspace",
            hint: "one line for each user, or for each user and workspace")
    }

    /// An email is one account's.
    private mutating func checkEmails(_ columns: ListColumns) {
        var first: [String: Int] = [:]
        for (place, account) in accounts.enumerated() {
            let key = ListText.folded(account.email)
            if let other = first[key] {
                diagnostics.error(
                    "list.email-twice", at: columns.position(.email, lines[place][0], file: path),
                    "line \(accounts[other].line) has the email `\(account.email)` too, with another account id",
                    hint: "take out the account that nobody uses")
            } else {
                first[key] = place
            }
        }
    }

    private mutating func checkTemplates(_ columns: ListColumns) {
        guard settings.platform.templatesPerUser != .many else { return }
        for (place, account) in accounts.enumerated() where account.access.templates.count > 1 {
            diagnostics.error(
                "list.several-templates", at: columns.position(.template, lines[place][0], file: path),
                "`\(settings.platform.name)` allows one template for each user, found \(account.access.templates.count)"
            )
        }
    }
}

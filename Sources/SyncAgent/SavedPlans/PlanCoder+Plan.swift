import AccessModel
import Diagnostics
import DirectoryModel
import MappingLanguage
import Reconciliation
import Reports

/// A plan for one target, whole: everything that applying and showing it needs.
extension PlanCoder {
    mutating func code(_ plan: inout TargetPlan) throws(PlanFault) {
        try begin(.object)
        try key("target")
        try code(&plan.target)
        try key("mode")
        try name(&plan.mode)
        try key("paused_by")
        try code(&plan.pausedBy)
        try key("directories")
        try code(&plan.directories)
        try key("accesses")
        try list(&plan.accesses, empty: .none) { (coder, access) throws(PlanFault) in try coder.code(&access) }
        try key("effective")
        try code(&plan.effective)
        try key("group_sets")
        try list(&plan.groupSets, empty: []) { (coder, set) throws(PlanFault) in
            try coder.list(&set, empty: GroupKey(directory: "", id: .zero)) { (coder, key) throws(PlanFault) in
                try coder.code(&key.directory, &key.id)
            }
        }
        try key("reasons")
        try list(&plan.reasons, empty: .recorded("")) { (coder, reason) throws(PlanFault) in try coder.code(&reason) }
        try subjects(&plan)
        try key("details")
        try details(&plan)
        try key("changes")
        try list(&plan.changes, empty: Change(kind: .wait, evidence: .positive, subject: 0, reason: 0)) {
            (coder, change) throws(PlanFault) in try coder.code(&change)
        }
        try state(&plan)
        try end(.object)
        // Only plans of nights are saved.
        if isReading { plan.isNightly = true }
        if isReading, !plan.isSound { throw fault }
    }

    /// Subjects with emails and names in place of places in a table.
    private mutating func subjects(_ plan: inout TargetPlan) throws(PlanFault) {
        try key("subjects")
        var texts = isReading ? DirectoryModel.TextTable() : plan.texts
        let empty = Subject(row: nil, version: 0, id: .zero, email: .empty, name: .empty, directory: 0, person: nil)
        try list(&plan.subjects, empty: empty) { (coder, subject) throws(PlanFault) in
            try coder.code(&subject, &texts)
        }
        if isReading { plan.texts = texts }
    }

    private mutating func code(_ subject: inout Subject, _ texts: inout DirectoryModel.TextTable) throws(PlanFault) {
        try begin(.list)
        try code(&subject.id)
        try integer(&subject.directory)
        try integer(&subject.version)
        subject.email = try text(subject.email, &texts)
        subject.name = try text(subject.name, &texts)
        if isReading { subject.person = nil }
        let empty = UserRow(
            user: 0, id: subject.id, email: subject.email, name: subject.name, lastSignIn: Int64.min, since: 0,
            access: 0, groupSet: 0, reason: 0, version: subject.version &+ 1, directory: subject.directory,
            status: .invited, managed: true)
        try optional(&subject.row, empty: empty) { (coder, row) throws(PlanFault) in
            try coder.begin(.list)
            try coder.code(&row.user)
            try coder.name(&row.status)
            try coder.code(&row.managed)
            try coder.integer(&row.access)
            try coder.integer(&row.groupSet)
            try coder.integer(&row.reason)
            try coder.code(&row.since)
            try coder.code(&row.lastSignIn)
            try coder.end(.list)
        }
        try end(.list)
    }

    private mutating func text(_ span: TextSpan, _ texts: inout DirectoryModel.TextTable) throws(PlanFault) -> TextSpan
    {
        var bytes = isReading ? [] : Array(texts.slice(span))
        try self.bytes(&bytes)
        return isReading ? texts.append(bytes) : span
    }

    private mutating func details(_ plan: inout TargetPlan) throws(PlanFault) {
        var pairs = plan.details.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        try list(&pairs, empty: (0, UserDetails())) { (coder, pair) throws(PlanFault) in
            try coder.begin(.list)
            try coder.code(&pair.0)
            try coder.code(&pair.1)
            try coder.end(.list)
        }
        if isReading { plan.details = Dictionary(pairs, uniquingKeysWith: { $1 }) }
    }

    private mutating func code(_ details: inout UserDetails) throws(PlanFault) {
        try begin(.object)
        try key("before")
        try optional(&details.statusBefore, empty: .invited) { (coder, status) throws(PlanFault) in
            try coder.name(&status)
        }
        try key("since")
        try code(&details.statusSince)
        try key("causes")
        try list(&details.causes, empty: Cause(kind: .manual, since: 0, by: "")) { (coder, cause) throws(PlanFault) in
            try coder.begin(.list)
            try coder.name(&cause.kind)
            try coder.code(&cause.since)
            try coder.code(&cause.by)
            try coder.code(&cause.reason)
            try coder.end(.list)
        }
        try key("pending")
        try list(&details.pending, empty: PendingCause(kind: .manual, firstSeen: 0, runs: 0)) {
            (coder, cause) throws(PlanFault) in
            try coder.begin(.list)
            try coder.name(&cause.kind)
            try coder.code(&cause.firstSeen)
            try coder.code(&cause.runs)
            try coder.end(.list)
        }
        try key("lifted")
        try list(&details.lifted, empty: .manual) { (coder, kind) throws(PlanFault) in try coder.name(&kind) }
        try key("manual")
        try list(&details.manual, empty: ManualGrant(part: .template(""), by: "", reason: "", since: 0)) {
            (coder, grant) throws(PlanFault) in
            try coder.begin(.list)
            var part = grant.part.canonicalText
            try coder.code(&part)
            guard let known = ManualGrant.Part(canonicalText: part) else { throw coder.fault }
            grant.part = known
            try coder.code(&grant.by)
            try coder.code(&grant.reason)
            try coder.code(&grant.since)
            try coder.code(&grant.until)
            try coder.end(.list)
        }
        try end(.object)
    }

    private mutating func code(_ change: inout Change) throws(PlanFault) {
        try begin(.list)
        var kind = change.kind.name
        try code(&kind)
        guard let known = ChangeKind.allCases.first(where: { $0.name == kind }) else { throw fault }
        change.kind = known
        var isPositive = change.evidence == .positive
        try code(&isPositive)
        change.evidence = isPositive ? .positive : .absence
        try integer(&change.subject)
        try integer(&change.reason)
        try code(&change.scope)
        try code(&change.before)
        try code(&change.after)
        try end(.list)
    }

    // Parts that plans, rosters and settings share.

    mutating func code(_ id: inout ImmutableID) throws(PlanFault) {
        var digits = Hexadecimal.text(id.bytes)
        try code(&digits)
        guard let bytes = Hexadecimal.bytes(digits.utf8), let found = ImmutableID(bytes: bytes) else { throw fault }
        id = found
    }

    mutating func code(_ directory: inout String, _ id: inout ImmutableID) throws(PlanFault) {
        try begin(.list)
        try code(&directory)
        try code(&id)
        try end(.list)
    }

    mutating func code(_ scope: inout ScopePath) throws(PlanFault) {
        var parts = scope.components
        try code(&parts)
        scope = ScopePath(parts)
    }

    mutating func code(_ access: inout Access) throws(PlanFault) {
        var text = access.canonicalText
        try code(&text)
        guard let found = Access(canonicalText: text) else { throw fault }
        access = found
    }
}

extension TargetPlan {
    /// Whether every number in it names something that it holds.
    fileprivate var isSound: Bool {
        guard !accesses.isEmpty, !groupSets.isEmpty, effective.count == accesses.count else { return false }
        for subject in subjects {
            guard Int(subject.directory) < directories.count else { return false }
            guard let row = subject.row else { continue }
            guard Int(row.access) < accesses.count, Int(row.groupSet) < groupSets.count,
                Int(row.reason) < reasons.count || row.reason == UserRow.keepsReason, row.user >= 0
            else { return false }
        }
        for change in changes {
            guard Int(change.subject) < subjects.count, Int(change.reason) < reasons.count else { return false }
        }
        return details.keys.allSatisfy { subjects.indices.contains($0) }
    }
}

import Diagnostics
import DirectoryModel
import MappingLanguage
import Reconciliation

/// What the last run held, remembered in the state directory so that a human can approve it: kinds, numbers and people.
struct LastHold: Equatable {
    static let name = "last-hold.json"
    private static let format = "rollcall.last-hold/1"

    struct Item: Equatable {
        var target: String
        var kind: GuardKind
        /// Name of the group that was frozen.
        var group: String?
        /// Its immutable id, which no renaming changes.
        var groupID: ImmutableID?
        /// Its name, where `group` is the id.
        var label: String?
        var count: Int
        var people: [ImmutableID]
        /// Their emails in the same order, as far as the plan and the directory knew them; or none.
        var emails: [String] = []
        /// The run that held it; older than the last where that one did not look at the target.
        var run: Int64
    }
    /// The last run that held anything.
    var run: Int64
    var items: [Item]

    init(run: Int64, items: [Item]) {
        self.run = run
        self.items = items
    }

    /// Nil when nothing is held: neither by this run, nor on a target that it did not look at.
    init?(_ result: RunResult, after before: LastHold? = nil) {
        let seen = Set(result.plans.map(\.target))
        let kept = before?.items.filter { !seen.contains($0.target) } ?? []
        let items = result.plans.filter { $0.mode == .manage }.flatMap { plan in
            plan.holds.map { hold in
                var item = Item(
                    target: plan.target, kind: hold.kind, count: hold.count, people: hold.people.map(\.id),
                    run: result.record.number)
                if case .group(let key, let name) = hold.extent { (item.group, item.groupID) = (name, key.id) }
                item.emails = plan.emails(of: hold.people, in: result.mirror)
                return item
            }
        }
        let all = kept + items
        guard let last = all.map(\.run).max() else { return nil }
        self.init(run: last, items: all)
    }

    /// What is left of it where a later run looked at some of its targets, and did not come to say so; nil for nothing.
    func left(by run: RunRecord) -> LastHold? {
        let seen = Set(run.targets.map(\.target))
        let items = items.filter { $0.run >= run.number || !seen.contains($0.target) }
        return items.map(\.run).max().map { LastHold(run: $0, items: items) }
    }

    func write(to state: OpenDirectory) throws(FileError) {
        var json = JSONWriter(layout: .pretty)
        json.beginObject()
        json.field("format", LastHold.format)
        json.field("run", Int(run))
        json.key("holds")
        json.beginArray()
        for item in items {
            json.beginObject()
            json.field("run", Int(item.run))
            json.field("target", item.target)
            json.field("kind", item.kind.rawValue)
            json.field("group", item.group)
            json.field("group_id", item.groupID?.description)
            json.field("count", item.count)
            json.field("people", item.people.map(\.description).joined(separator: " "))
            json.field("emails", item.emails)
            json.endObject()
        }
        json.endArray()
        json.endObject()
        json.newline()
        try AtomicFile.write(json.bytes, to: LastHold.name, in: state)
    }

    /// Nil where there is none, or it is damaged.
    static func read(_ state: String) -> LastHold? {
        guard let bytes = try? InputFile.bytes(FilePath.joined(state, name)) else { return nil }
        var limits = YAMLLimits()
        limits.bytes = InputFile.largest
        var ignored = DiagnosticList()
        let source = SourceFile(name: name, bytes: bytes)
        guard let root = YAMLReader.read(source, limits: limits, into: &ignored)?.object,
            root["format"]?.text == format, let run = root["run"]?.integer
        else { return nil }
        let items = (root["holds"]?.items ?? []).compactMap(\.object).compactMap { item -> Item? in
            guard let target = item["target"]?.text, let kind = item["kind"]?.text.flatMap(GuardKind.init),
                let count = item["count"]?.integer
            else { return nil }
            let people = (item["people"]?.text ?? "").utf8.split(separator: UInt8(ascii: " "))
            let emails = item["emails"]?.words?.map(\.value) ?? []
            return Item(
                target: target, kind: kind, group: item["group"]?.text,
                groupID: item["group_id"]?.text.flatMap { ImmutableID(written: $0) }, count: count,
                people: people.compactMap { ImmutableID(written: String(Substring($0))) },
                emails: emails.count == people.count ? emails : [], run: Int64(item["run"]?.integer ?? run))
        }
        return LastHold(run: Int64(run), items: items)
    }
}

extension TargetPlan {
    /// Emails of people of a hold in their order, as the directory has them where the plan writes nothing about somebody; else empty.
    fileprivate func emails(of people: [PersonKey], in mirror: Mirror) -> [String] {
        if people.isEmpty { return [] }
        let wanted = Set(people.map(\.id))
        var emails: [ImmutableID: String] = [:]
        for subject in subjects where wanted.contains(subject.id) {
            emails[subject.id] = texts[subject.row?.email ?? subject.email]
        }
        let read = mirror.emails(of: people.filter { emails[$0.id] == nil })
        return people.map { emails[$0.id] ?? read[$0] ?? "" }
    }
}

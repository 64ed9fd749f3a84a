package import DirectoryModel
internal import LDAPClient

/// Reads people and groups from an LDIF file, which stands for a whole directory.
package final class LDIFSource: DirectorySource {
    let settings: SourceSettings
    let path: String
    /// People of the last pull, in the order of ids.
    private var people: [PersonRow] = []
    /// Entries with an id that did not become people, for the question who is gone.
    private var others: [ImmutableID: (dn: String, state: PersonState)] = [:]
    private var hasUnidentified = false
    /// What a pull of the file would be asked for that was found unchanged and not read.
    var unread: PullRequest?

    /// `path` is the file; the settings say which of its entries are people and groups, as for a server.
    package init(_ settings: SourceSettings, path: String) {
        self.settings = settings
        self.path = path
    }

    package func pull(_ request: PullRequest, progress: (PullProgress) -> Void) -> PullOutcome {
        do throws(PullFailure) { return .complete(try read(request, progress)) } catch { return .failed(error) }
    }

    package func confirmAbsence(of ids: [ImmutableID], knownPresent: ImmutableID) -> AbsenceOutcome {
        if let request = unread {
            unread = nil
            do throws(PullFailure) { _ = try read(request) { _ in } } catch { return .failed(error) }
        }
        guard isPerson(knownPresent) else { return .answered(ids.map { _ in .unknown }) }
        return .answered(
            ids.map { id in
                if isPerson(id) || hasUnidentified { return .unknown }
                guard let other = others[id] else { return .gone }
                return .outOfScope(dn: other.dn, state: other.state)
            })
    }

    package func close() {
        people = []
        others = [:]
    }

    private func isPerson(_ id: ImmutableID) -> Bool {
        var low = 0
        var high = people.count
        while low < high {
            let middle = (low + high) / 2
            if people[middle].id < id { low = middle + 1 } else { high = middle }
        }
        return low < people.count && people[low].id == id
    }

    /// The file, whole.
    func contents() throws(PullFailure) -> [UInt8] {
        do throws(SourceFile.Failure) { return try SourceFile.read(path) } catch {
            guard !error.isChanging else {
                throw settings.failure(
                    .incomplete, "`\(path)` changed while it was read",
                    "write it under another name, and move it into place when it is whole")
            }
            throw settings.failure(
                .missingFile, "cannot read `\(path)`: \(error.reason)", "correct `file`, or let this user read it")
        }
    }

    private func read(_ request: PullRequest, _ progress: (PullProgress) -> Void) throws(PullFailure) -> Pull {
        progress(PullProgress(stage: .connecting, entries: 0))
        var work = try LDIFWork(settings, request)
        let bytes = try contents()
        let ended: Result<Void, LDIFError> = bytes.withUnsafeBytes { buffer in
            Result { () throws(LDIFError) in try work.read(buffer, progress) }
        }
        if case .failure(let error) = ended {
            throw settings.failure(.badData, "\(path):\(error.line): \(error.reason.text)", error.reason.hint)
        }
        try work.checkBases()
        try work.checks.check(work.builder, against: request.comparedStamp)
        let stamp = DirectoryStamp(
            server: path, changeStamps: ChangeStamps(work.checks.facts(people: work.builder.peopleCount)).texts)
        others = work.others
        let setAside = work.builder.setAside
        hasUnidentified = !setAside.isEmpty
        do throws(MirrorFault) {
            let indexed = try work.builder.finishIndexed()
            people = indexed.mirror.people
            var pull = Pull(mirror: indexed.mirror, stamp: stamp, setAside: setAside)
            if let key = request.key {
                pull.index = indexed.index
                pull.position = FilePosition.position(of: bytes, key, settings, request)
            }
            return pull
        } catch { throw work.checks.failure(error) }
    }
}

/// One reading of a file.
private struct LDIFWork {
    var builder: MirrorBuilder
    var checks: PullChecks
    private(set) var others: [ImmutableID: (dn: String, state: PersonState)] = [:]
    private static let tombstones = FilterMatch(equal: "objectClass", "nsTombstone")
    private static let domains = FilterMatch(equal: "objectClass", "domainDNS")
    private let settings: SourceSettings
    private let peopleBases: [Base]
    private let groupBases: [Base]
    private let peopleFilter: FilterMatch
    private let groupFilter: FilterMatch
    private var people: PersonReader
    private var groups: GroupReader
    private var seen: Set<String> = []
    private var name: [UInt8] = []

    init(_ settings: SourceSettings, _ request: PullRequest) throws(PullFailure) {
        self.settings = settings
        peopleBases = try settings.bases(settings.people)
        groupBases = try settings.bases(settings.groups)
        guard let people = FilterMatch(settings.peopleFilter), let groups = FilterMatch(settings.groupFilter) else {
            throw settings.failure(
                .badData, "a filter with a matching rule (`:=`) cannot be applied to a file",
                "write the filter without `:=`")
        }
        peopleFilter = people
        groupFilter = groups
        let reader = PersonReader(settings, trusted: request.attributes, now: request.now)
        self.people = reader
        self.groups = GroupReader(settings)
        checks = PullChecks(settings, reader)
        builder = MirrorBuilder(
            directory: settings.name, attributes: request.attributes,
            key: request.key ?? DNHashKey(first: .random(in: 0 ... .max), second: .random(in: 0 ... .max)))
    }

    mutating func read(_ bytes: UnsafeRawBufferPointer, _ progress: (PullProgress) -> Void) throws(LDIFError) {
        let ending = LDIFEnding(bytes)
        try ending.checkNewline()
        var reader = LDIFReader(bytes)
        defer { reader.finish() }
        var record = LDIFRecord()
        var last = LDIFRecord()
        var counter = ProgressCounter(.people)
        while try reader.next(&record) {
            if take(record) { counter.count(progress) }
            swap(&record, &last)
        }
        try ending.checkMember(
            last, attributes: settings.dialect.memberAttributes + settings.dialect.memberWithUIDAttributes)
        counter.finish(progress)
    }

    /// Takes an entry in; true for one of the people.
    private mutating func take(_ record: LDIFRecord) -> Bool {
        record.bytes.withUnsafeBytes { bytes in
            let dn = UnsafeRawBufferPointer(rebasing: bytes[record.dn])
            let isReadable = (try? DNCanonicalForm.normalize(dn, into: &name)) != nil
            guard isReadable else {
                builder.setAsideUnparsable(dn)
                return false
            }
            noteBases()
            if isTombstone(record) { return false }
            noteDomain(record, bytes)
            let base = place(in: peopleBases).flatMap { peopleFilter.matches(record) ? $0 : nil }
            takePerson(record, bytes, dn, under: base)
            if let base = place(in: groupBases), groupFilter.matches(record) {
                checks.countGroup(base: base)
                takeGroup(record, bytes, dn)
            }
            return base != nil
        }
    }

    private mutating func takePerson(
        _ record: LDIFRecord, _ bytes: UnsafeRawBufferPointer, _ dn: UnsafeRawBufferPointer, under base: Int?
    ) {
        people.start(dn: dn)
        for attribute in record.attributes {
            let description = UnsafeRawBufferPointer(rebasing: bytes[attribute.name])
            if case .known(let place) = people.names.match(description) {
                people.take(place, UnsafeRawBufferPointer(rebasing: bytes[attribute.value]))
            }
        }
        var draft = people.finish()
        if let base {
            checks.count(people.shown, base: base)
            people.add(&draft, to: &builder)
        } else if let id = draft.immutableID {
            others[id] = (EntryText.shown(String(decoding: dn, as: UTF8.self)), draft.plainState)
        }
    }

    private mutating func takeGroup(
        _ record: LDIFRecord, _ bytes: UnsafeRawBufferPointer, _ dn: UnsafeRawBufferPointer
    ) {
        groups.start(dn: dn)
        for attribute in record.attributes {
            let description = UnsafeRawBufferPointer(rebasing: bytes[attribute.name])
            if case .known(let place) = groups.names.match(description) {
                groups.take(place, UnsafeRawBufferPointer(rebasing: bytes[attribute.value]))
            }
        }
        groups.finish(&builder)
    }

    /// Servers hide what was deleted; exports of 389 Directory Server hold it.
    private func isTombstone(_ record: LDIFRecord) -> Bool {
        guard settings.dialect.kind == .ds389 || settings.dialect.kind == .freeipa else { return false }
        return LDIFWork.tombstones.matches(record)
    }

    /// An export of Active Directory holds the domain itself, whose identifier primary groups need.
    private mutating func noteDomain(_ record: LDIFRecord, _ bytes: UnsafeRawBufferPointer) {
        guard settings.dialect.primaryGroup != nil, LDIFWork.domains.matches(record) else { return }
        for attribute in record.attributes {
            let name = AttributeTypeName.canonical(UnsafeRawBufferPointer(rebasing: bytes[attribute.name]))
            guard name == Array("objectsid".utf8) else { continue }
            let value = UnsafeRawBufferPointer(rebasing: bytes[attribute.value])
            if let id = SecurityID(bytes: value) { builder.setDomain(id) }
        }
    }

    /// The first base that the entry at hand lies under.
    private func place(in bases: [Base]) -> Int? {
        bases.firstIndex { base in
            name.withUnsafeBytes { entry in
                base.name.canonical.withUnsafeBytes { DNCanonicalForm.isUnder(entry, base: $0) }
            }
        }
    }

    private mutating func noteBases() {
        guard seen.count < peopleBases.count + groupBases.count else { return }
        for base in peopleBases + groupBases where !seen.contains(base.text) && place(in: [base]) != nil {
            seen.insert(base.text)
        }
    }

    /// Throws when nothing in the file lies under one of the bases.
    func checkBases() throws(PullFailure) {
        for base in peopleBases + groupBases where !seen.contains(base.text) {
            throw settings.failure(
                .incomplete, "the base `\(base.text)` does not occur in the file",
                "correct the base, or export the whole directory")
        }
    }
}

internal import DirectoryModel
internal import LDAPClient

/// How changes, removals and time are told.
extension DirectoryDoctor {
    func findChanges() throws(StepStop) -> ChangeFacts {
        guard let source, let pull else { throw stop(.incomplete, "nothing was read", "look at the steps before") }
        let kind = source.dialect.kind
        var facts = ChangeFacts(method: pull.position?.method, kind: kind)
        if facts.method == ChangeFacts.leastOfActiveDirectory { facts.lack = .noReplicationRight }
        if facts.method == nil || facts.method == ChangeFacts.leastOfAll && kind != .freeipa {
            facts.lack = try lack(source, pull)
        }
        return facts
    }

    private func lack(_ source: SourceSettings, _ pull: Pull) throws(StepStop) -> ChangeFacts.Lack {
        let id = source.attributes.id
        let kind = source.dialect.kind
        guard kind != .ldif else { return .notThisKind }
        guard id.lowercased() == kind.attributes.id.lowercased() else { return .otherID(wanted: kind.attributes.id) }
        switch kind {
        case .activeDirectory where pull.index?.hasMembershipsOfPeople == true: return .membershipsOnPeople
        case .openldap:
            return detected?.controls.contains(SyncControls.request) == true ? .noStamps : .noContentSync
        case .ds389:
            let last = try entry("", ["lastChangeNumber"])?.texts("lastChangeNumber") ?? []
            return last.isEmpty ? .noChangeLog : .changeLogHidden
        default: return .unknown
        }
    }

    func findDeleted() throws(StepStop) -> DeletedFacts {
        let kind = source?.dialect.kind ?? detected?.kind ?? .openldap
        guard let domain = detected?.domain else { return DeletedFacts(kind: kind, sight: .notKept) }
        var request = SearchRequest(
            base: "CN=Deleted Objects,\(domain.context)", scope: .oneLevel, filter: .equal("isDeleted", "TRUE"),
            controls: [RequestControl(ControlType.showDeleted)])
        request.sizeLimit = 10
        let end = try search(request, extensions: ["!showDeleted"])
        switch end.code {
        case 0, 4: return DeletedFacts(kind: kind, sight: end.entries > 0 ? .seen(min(end.entries, 10)) : .none)
        case 32: return DeletedFacts(kind: kind, sight: .none)
        default: return DeletedFacts(kind: kind, sight: .refused(code: end.code))
        }
    }

    func compareClocks() throws(StepStop) -> ClockFacts {
        var facts = ClockFacts(here: request.now)
        let start = ContinuousClock.now
        for (place, attribute) in clockPlaces {
            guard let value = try entry(place, [attribute])?.values(attribute).first,
                let seconds = GeneralizedTime.seconds(value)
            else { continue }
            facts.source = place.isEmpty ? "`\(attribute)` of the root entry" : "`\(attribute)` of `\(place)`"
            facts.server = seconds
            break
        }
        facts.here = request.now + elapsed + Int64((ContinuousClock.now - start).wholeMilliseconds / 2_000)
        facts.newestChange = DirectoryDoctor.newestChange(try stamps())
        return facts
    }

    /// Seconds since the examination began: the clock of this machine was read then.
    private var elapsed: Int64 { Int64((ContinuousClock.now - begun).wholeMilliseconds / 1_000) }

    private var clockPlaces: [(String, String)] {
        switch source?.dialect.kind ?? detected?.kind {
        case .activeDirectory: [("", "currentTime")]
        case .ds389, .freeipa: [("cn=monitor", "currenttime")]
        default: [("cn=Current,cn=Time,cn=Monitor", "monitorTimestamp")]
        }
    }

    func findStamps() throws(StepStop) -> ReplicaFacts {
        let kind = source?.dialect.kind ?? detected?.kind ?? .openldap
        let stamps = try stamps()
        var facts = ReplicaFacts(
            kind: kind, stamps: stamps, newestChange: DirectoryDoctor.newestChange(stamps))
        guard detected?.domain != nil else { return facts }
        let said = try entry("", ["isSynchronized"])?.texts("isSynchronized").first
        facts.isSynchronized = said.map { $0 == "TRUE" }
        return facts
    }

    /// The marks that a run would keep of how far the data have come.
    private func stamps() throws(StepStop) -> [String] {
        guard let source, let detected else { return [] }
        for suffix in detected.namingContexts where source.dialect.kind == .openldap {
            note(SearchRequest(base: suffix, scope: .base, attributes: ["contextCSN"]))
        }
        let settings = LDAPSourceSettings(
            source: source, urls: [], connection: request.connection, bind: .anonymous)
        let reader = LDAPSource(settings)
        let connection = try connected()
        do throws(PullFailure) {
            let all = try reader.bases()
            let facts = try reader.sequences(connection, detected, reader.suffixes(detected, all))
            return ChangeStamps(facts).texts
        } catch { throw StepStop(cause: FailureCause(error), failure: error) }
    }

    /// OpenLDAP writes the time into its stamps: `20261121101500.000000Z#…`.
    private static func newestChange(_ stamps: [String]) -> Int64? {
        stamps.compactMap { stamp in
            guard stamp.utf8.contains(UInt8(ascii: "#")), let time = stamp.split(separator: "#").first else {
                return nil
            }
            return GeneralizedTime.seconds(Array(time.utf8))
        }.max()
    }
}

extension ChangeFacts {
    /// What is left to an account without the right to replicate.
    fileprivate static let leastOfActiveDirectory = "usn"
    /// What is left where a server tells nothing.
    fileprivate static let leastOfAll = "times"
}

extension LDAPSource {
    /// All bases of the configuration.
    fileprivate func bases() throws(PullFailure) -> [Base] {
        try settings.source.bases(settings.source.people) + settings.source.bases(settings.source.groups)
    }
}

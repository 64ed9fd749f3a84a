import Diagnostics
import DirectoryModel

extension JSONWriter {
    mutating func facts(_ facts: StepFacts, at now: Int64) {
        beginObject()
        switch facts {
        case .name(let facts): write(facts)
        case .connection(let facts): write(facts)
        case .tls(let facts): write(facts, now)
        case .bind(let facts): field("server", facts.server)
        case .identity(let facts): field("identity", facts.identity)
        case .server(let facts): write(facts)
        case .bases(let facts): write(facts)
        case .limits(let facts): write(facts)
        case .reading(let facts): write(facts)
        case .people(let facts): write(facts)
        case .groups(let facts): write(facts)
        case .accounts(let facts): write(facts)
        case .ranges(let facts): write(facts)
        case .changes(let facts): field("method", facts.method)
        case .deleted(let facts): write(facts)
        case .clock(let facts): write(facts)
        case .replica(let facts): write(facts)
        case .rights(let facts): write(facts)
        }
        endObject()
    }

    private mutating func list<Element>(
        _ name: String, _ elements: [Element], _ body: (inout JSONWriter, Element) -> Void
    ) {
        key(name)
        beginArray()
        for element in elements {
            beginObject()
            body(&self, element)
            endObject()
        }
        endArray()
    }

    private mutating func counts(_ name: String, _ counts: [NamedCount]) {
        list(name, counts) {
            $0.field("name", $1.name)
            $0.field("count", $1.count)
        }
    }

    private mutating func time(_ name: String, _ seconds: Int64?) { field(name, seconds.map(Timestamp.machine)) }

    private mutating func number(_ name: String, _ number: Int?) {
        key(name)
        if let number { value(number) } else { null() }
    }

    private mutating func write(_ facts: NameFacts) {
        field("domain", facts.domain)
        list("servers", facts.hosts) {
            $0.field("server", $1.server)
            $0.field("addresses", $1.addresses)
        }
    }

    private mutating func write(_ facts: ConnectionFacts) {
        list("attempts", facts.attempts) {
            $0.field("server", $1.server)
            $0.field("address", $1.address)
            $0.field("milliseconds", $1.milliseconds)
            $0.field("failure", $1.reason)
        }
    }

    private mutating func write(_ facts: TLSFacts, _ now: Int64) {
        field("mode", facts.mode.rawValue)
        field("ca_file", facts.caFile)
        field("pinned", facts.isPinned)
        list("certificates", facts.certificates) {
            $0.field("server", $1.server)
            $0.field("accepted", $1.version != nil)
            $0.field("version", $1.version)
            $0.field("subject", $1.subject)
            $0.field("issuer", $1.issuer)
            $0.field("names", $1.names)
            $0.field("not_before", $1.notBefore)
            $0.field("not_after", $1.notAfter)
            $0.number("days_left", $1.daysLeft(at: now))
            $0.field("pin_sha256", $1.pin)
        }
    }

    private mutating func write(_ facts: ServerFacts) {
        field("kind", facts.kind?.rawValue)
        field("configured_kind", facts.configuredKind?.rawValue)
        field("vendor", facts.vendor)
        field("mechanisms", facts.mechanisms)
        field("capabilities", facts.capabilities.names)
        list("settings", facts.settings) {
            $0.field("setting", $1.key)
            $0.field("value", $1.value)
            $0.field("default", $1.standard)
            $0.field("settable", $1.isSettable)
        }
    }

    private mutating func write(_ facts: BaseFacts) {
        field("naming_contexts", facts.contexts)
        field("domain", facts.domain?.context)
        field("domain_id", facts.domain?.securityID)
        field("domain_controller", facts.domain?.host)
        field("guessed", facts.areGuessed)
        list("bases", facts.bases) {
            $0.field("branch", $1.branch.rawValue)
            $0.field("dn", $1.dn)
            $0.field("found", $1.standing == .found)
        }
    }

    private mutating func write(_ facts: LimitFacts) {
        field("runs_in_pages", facts.runsInPages)
        list("counts", facts.counts) {
            $0.number("page_size", $1.pageSize)
            $0.field("entries", $1.entries)
            $0.field("code", Int($1.code))
        }
        field("policy", facts.policy)
    }

    private mutating func write(_ facts: ReadingFacts) {
        field("people", facts.people)
        field("groups", facts.groups)
        field("memberships", facts.memberships)
        field("milliseconds", facts.milliseconds)
        list("set_aside", facts.setAside) {
            $0.field("dn", $1.dn)
            $0.field("reason", $1.reason.code)
        }
    }

    private mutating func write(_ facts: PeopleFacts) {
        field("filter", facts.filter)
        field("people", facts.people)
        field("without_email", facts.withoutEmail)
        field("sharing_email", facts.sharingEmail)
        field("unclear_login", facts.unclearLogin)
        field("invalid_text", facts.invalidText)
        counts("email_domains", facts.domains)
        counts("branches", facts.branches)
    }

    private mutating func write(_ facts: GroupFacts) {
        field("filter", facts.filter)
        field("groups", facts.groups)
        field("empty", facts.empty)
        field("nested", facts.nesting)
        field("depth", facts.depth)
        field("in_cycles", facts.inCycles)
        field("unresolved_members", facts.unresolved)
        field("largest", facts.largest?.name)
        number("largest_members", facts.largest?.count)
        field("looked_at", facts.sample)
        counts("classes", facts.classes)
        counts("member_attributes", facts.memberAttributes)
    }

    private mutating func write(_ facts: AccountFacts) {
        field("flags", facts.flags)
        field("disabled_by_flag", facts.disabledByFlag)
        field("disabled_by_attribute", facts.disabledByAttribute)
        field("locked", facts.locked)
        field("expired", facts.expired)
        field("unclear", facts.unclear)
        field("expires_attribute", facts.expires)
        field("last_sign_in_attribute", facts.lastSignIn)
        field("with_last_sign_in", facts.withLastSignIn)
        time("newest_sign_in", facts.newestSignIn)
    }

    private mutating func write(_ facts: RangeFacts) {
        field("attribute", facts.attribute)
        field("group", facts.group?.name)
        number("members", facts.group?.count)
        number("part_size", facts.partSize)
    }

    private mutating func write(_ facts: DeletedFacts) {
        switch facts.sight {
        case .notKept: field("sight", "not-needed")
        case .seen(let count):
            field("sight", "seen")
            field("seen", count)
        case .none: field("sight", "none")
        case .refused(let code):
            field("sight", "refused")
            field("code", Int(code))
        }
    }

    private mutating func write(_ facts: ClockFacts) {
        number("seconds_ahead", facts.ahead.map { Int($0) })
        field("source", facts.source)
        time("newest_change", facts.newestChange)
    }

    private mutating func write(_ facts: ReplicaFacts) {
        field("marks", facts.stamps)
        time("newest_change", facts.newestChange)
        key("synchronized")
        if let isSynchronized = facts.isSynchronized { value(isSynchronized) } else { null() }
    }

    private mutating func write(_ facts: RightsFacts) {
        field("looked_at", facts.looked)
        counts("passwords", facts.passwords)
        switch facts.writing {
        case .no: field("writing", "no")
        case .may(let what):
            field("writing", "yes")
            field("may_write", what)
        case .unknown: field("writing", "unknown")
        }
        field("asked_of", facts.about)
        field("reads_settings", facts.readsSettings)
    }
}

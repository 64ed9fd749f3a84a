import AccessModel
import DirectoryModel
import MappingLanguage
import Reconciliation
import Reports

/// Plans built by hand, to be rendered.
enum SamplePlans {
    /// 2026-11-21 02:15 UTC.
    static let night: Int64 = 1_795_227_300

    /// One of everything that a night can bring.
    static func secondNight() -> TargetPlan {
        var plan = TargetPlan(target: "acme-desk", mode: .manage)
        plan.directories = ["corp"]
        let anna = addSubject("anna.ahlgren@acme.example", "Anna Ahlgren", number: 1, to: &plan)
        let ben = addSubject("ben@acme.example", "Ben Ohm", number: 2, to: &plan)
        let carla = addSubject("carla@acme.example", "Carla 山田", number: 3, to: &plan)
        let dora = addSubject("dora@acme.example", "Dora", number: 4, to: &plan)
        plan.accesses.append(
            Access(roles: [ScopedRole(scope: ScopePath(["support"]), role: "chat-user")], switches: ["crm_access"]))
        plan.subjects[Int(carla)].row?.access = 1
        let rule = RuleReason(
            rule: "Workspace managers", place: "mappings/vivi.yaml:19", captured: "support",
            groups: ["desk-support-managers"])
        let desk = RuleReason(
            rule: "Support desk", place: "mappings/vivi.yaml:14", captured: nil, groups: ["support", "helpdesk"])
        plan.reasons = [
            .cause(.disabled, detail: "attribute `employeeType` says so"), .rules([rule]), .rules([desk, rule]),
            .directory(detail: "email changed in the directory"),
            .seats(pool: "support/seat", detail: "84 of 84 are held"),
        ]
        let support = ScopePath(["support"])
        plan.changes = [
            Change(kind: .suspend, evidence: .positive, subject: anna, reason: 0, before: "active", after: "suspended"),
            Change(
                kind: .changeEmail, evidence: .positive, subject: ben, reason: 3, before: "ben.old@acme.example",
                after: "ben@acme.example"),
            Change(
                kind: .changeRole, evidence: .positive, subject: ben, reason: 1, scope: support, before: "chat-user",
                after: "agent-manager"),
            Change(kind: .invite, evidence: .positive, subject: carla, reason: 2),
            Change(kind: .wait, evidence: .positive, subject: dora, reason: 4, scope: support, after: "chat-user"),
        ]
        plan.findings = [
            Finding(
                code: "person.no-email", weight: .warning, person: key(5), label: "uid=eve,ou=people",
                message: "has no email and is set aside", hint: "give the entry a `mail` value"),
            Finding(
                code: "roster.invite-old", weight: .note, person: key(6), label: "fred@acme.example",
                message: "was invited 20 days ago and has not accepted",
                hint: "send the invitation again, or withdraw it"),
        ]
        let pool = SeatPool(scope: support, seatClass: "seat", limit: 84, price: "29 EUR")
        plan.ledger = [
            LedgerRow(pool: pool, heldBefore: 84, freed: 0, given: 0, heldAfter: 84, waiting: 1, oldestWaiting: night)
        ]
        plan.tally = [
            GuardTally(kind: .suspendDisabled, count: 1, limit: 9, limitText: "9", approved: 0),
            GuardTally(kind: .suspendOther, count: 0, limit: 25, limitText: "25", approved: 0),
            GuardTally(
                kind: .changeEmail, count: 1, limit: 8,
                limitText: "8 (15, halved: mappings/vivi.yaml changed since run 811)", approved: 0),
        ]
        return plan
    }

    /// A night on which guards said no: to the target, to a group, to a grant.
    static func heldNight() -> TargetPlan {
        var plan = TargetPlan(target: "acme-desk", mode: .manage)
        plan.directories = ["corp"]
        let anna = addSubject("anna.ahlgren@acme.example", "Anna Ahlgren", number: 1, to: &plan)
        plan.reasons = [.cause(.disabled, detail: "")]
        plan.changes = [Change(kind: .suspend, evidence: .positive, subject: anna, reason: 0, before: "active")]
        plan.holds = [
            Hold(
                kind: .privilegedGain, extent: .grant(key(7), what: "account-admin"),
                message: "gina@acme.example would become account-admin by rule `Directors` (mappings/vivi.yaml:31)",
                count: 1, limit: 0,
                people: [key(7)], wouldHave: [], causes: []),
            Hold(
                kind: .suspendOther, extent: .target(evenDisabled: false),
                message: "188 people would be suspended (limit 25)", count: 188, limit: 25, people: [key(1), key(2)],
                wouldHave: ["188 suspended", "24 lowered", "9 seats of editor freed"],
                causes: [
                    HoldCause(text: "no longer in group corp:sales-emea", people: 180),
                    HoldCause(text: "gone from the directory", people: 8),
                ]),
            Hold(
                kind: .groupShrink, extent: .group(GroupKey(directory: "corp", id: id(90)), name: "corp:sales-emea"),
                message: "group corp:sales-emea lost 212 of 230 members since run 811 (limit 30 %)", count: 212,
                limit: 69,
                people: [], wouldHave: ["24 lowered"], causes: []),
        ]
        plan.tally = [
            GuardTally(
                kind: .suspendOther, count: 188, limit: 25, limitText: "25 (50, halved: config changed)", approved: 0)
        ]
        return plan
    }

    static func quietNight(_ target: String = "acme-crm") -> TargetPlan { TargetPlan(target: target, mode: .manage) }

    static func report(_ plans: [TargetPlan], stage: PlanReport.Stage = .planned) -> PlanReport {
        PlanReport(stage: stage, run: stage == .planned ? nil : 812, time: night, version: "0.1.0", plans: plans)
    }

    private static let ids = (0...255).compactMap { ImmutableID(text: "p\($0)") }

    static func id(_ number: UInt8) -> ImmutableID { ids[Int(number)] }

    static func key(_ number: UInt8) -> PersonKey { PersonKey(directory: "corp", id: id(number)) }

    /// Adds somebody with a row and returns the place.
    static func addSubject(_ email: String, _ name: String, number: UInt8, to plan: inout TargetPlan) -> UInt32 {
        let emailSpan = plan.texts.append(Array(email.utf8))
        let nameSpan = plan.texts.append(Array(name.utf8))
        let row = UserRow(
            user: Int64(number), id: id(number), email: emailSpan, name: nameSpan, lastSignIn: Int64.min, since: night,
            access: 0,
            groupSet: 0, reason: 0, version: 1, directory: 0, status: .active, managed: true)
        plan.subjects.append(
            Subject(row: row, version: 1, id: id(number), email: emailSpan, name: nameSpan, directory: 0, person: nil))
        return UInt32(plan.subjects.count - 1)
    }
}

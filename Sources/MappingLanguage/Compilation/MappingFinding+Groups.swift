import AccessModel
import Diagnostics

/// What can be said of groups that are not as the mapping, the lock file or the pins have them.
extension MappingFinding {
    static func renamed(_ name: String, from before: String, _ reference: GroupReference) -> MappingFinding {
        MappingFinding(
            code: "mapping.group-renamed",
            message: "group `\(before)` is now called `\(name)`; it goes on giving what it gave",
            hint: "write the new name and run `rollcall lock`", position: reference.position)
    }

    static func vanished(_ name: String, _ reference: GroupReference) -> MappingFinding {
        MappingFinding(
            code: "mapping.group-vanished",
            message: "group `\(name)` is no longer in the directory; its members keep what it gave them",
            hint: "restore the group, or take `\(reference.text)` out of the mapping", position: reference.position)
    }

    static func recreated(_ name: String, _ reference: GroupReference, isLocked: Bool) -> MappingFinding {
        MappingFinding(
            code: "mapping.group-recreated",
            message: "group `\(name)` was deleted and made again: the new one gives nothing",
            hint: isLocked
                ? "check who made it, then run `rollcall lock`"
                : "check who made it, then write `{id: …}` in the rule, or run `rollcall lock`",
            position: reference.position)
    }

    static func notLocked(_ name: String, _ reference: GroupReference) -> MappingFinding {
        MappingFinding(
            code: "mapping.group-not-locked",
            message: "group `\(name)` matches `\(reference.text)` but is not locked: it gives nothing",
            hint: "run `rollcall lock` and have the lock file reviewed", position: reference.position)
    }

    static func capturedNothing(_ reference: GroupReference) -> MappingFinding {
        MappingFinding(
            code: "mapping.captured-nothing", message: "no group matches `\(reference.text)`",
            hint: "check the name and `groups_under`", position: reference.position)
    }

    static func notReadYet(_ name: String, _ reference: GroupReference) -> MappingFinding {
        MappingFinding(
            code: "mapping.group-not-read-yet",
            message:
                "group `\(name)` is in no directory that was read, and one has never been read: it gives nothing yet",
            hint: "see why that directory cannot be read", position: reference.position)
    }

    static func absent(_ reference: GroupReference, names: Set<String>) -> MappingFinding {
        let hint =
            if case .name(let name) = reference.name {
                NearestName.of(name, in: names.sorted(by: precedes)).map { "did you mean `\($0)`?" }
            } else { String?.none }
        return MappingFinding(
            code: "mapping.group-absent", message: "no group `\(reference.text)` in the directory",
            hint: hint
                ?? "look whether it lies under `groups: {bases: …}`, and whether the account that reads may see it",
            position: reference.position)
    }

    static func ambiguous(
        _ reference: GroupReference, _ groups: [(name: String, dn: String)]
    ) -> MappingFinding {
        let names = Set(groups.map(\.name)).sorted(by: precedes)
        // In several directories their names tell them apart, in one only their DNs.
        let isApart = names.count == groups.count
        let texts = isApart ? names : groups.map(\.dn)
        let shown = texts.prefix(3).map { "`\($0)`" }.joined(separator: ", ")
        let rest = groups.count > 3 ? " and \(groups.count - 3) more" : ""
        return MappingFinding(
            code: "mapping.group-ambiguous",
            message: "group `\(reference.text)` could be any of \(groups.count): \(shown)\(rest)",
            hint: isApart
                ? "write the one that is meant, with its directory: `\(names.first ?? "")`"
                : "write the full DN, or the directory in front: `corp:support`", position: reference.position)
    }

    static func absentInNot(_ name: String, _ reference: GroupReference) -> MappingFinding {
        MappingFinding(
            code: "mapping.group-absent-in-not",
            message:
                "group `\(name)` stands inside `not` and cannot be relied on: leaving it out would give people more",
            hint: "restore the group, run `rollcall lock`, or take it out of the rule", position: reference.position)
    }
}

import AccessModel
import Diagnostics
import DirectoryModel
import MappingLanguage
import TestSupport

/// Random directories and mappings over them, small enough to see through.
enum RandomMapping {
    static let groups = ["g0", "g1", "g2", "g3", "g4"]

    static func directory(_ random: inout SeededNumbers) -> SampleDirectory {
        var directory = SampleDirectory()
        let names = (0..<Int.random(in: 1...50, using: &random)).map { "p\($0)" }
        for name in names {
            let title = ["Boss", "boss", "Clerk"][Int.random(in: 0..<3, using: &random)]
            directory.add(name, Bool.random(using: &random) ? [("title", [title])] : [])
        }
        for group in groups {
            directory.group(
                group, people: names.filter { _ in Bool.random(using: &random) },
                groups: groups.filter { _ in Int.random(in: 0..<5, using: &random) == 0 })
        }
        return directory
    }

    /// Roles in two workspaces, nothing else.
    static func plain(_ platform: Platform, _ random: inout SeededNumbers) -> Mapping {
        let places = [
            ("lead", "support"), ("auditor", "support"), ("agent", "support"), ("guest", "sales"), ("agent", "sales"),
        ]
        return mapping(platform, SamplePlatforms.topology, &random) { random in
            let (role, workspace) = places[Int.random(in: 0..<places.count, using: &random)]
            return Gift(workspace: .literal(workspace), role: role)
        }
    }

    /// Everything that rules of one of the sample platforms can give: of kind 0, 1 or 2.
    static func rich(_ kind: Int, _ random: inout SeededNumbers) throws -> Mapping {
        switch kind {
        case 0:
            return mapping(try SamplePlatforms.desk(), SamplePlatforms.topology, &random, desk)
        case 1:
            var mapping = mapping(try SamplePlatforms.shop(), SamplePlatforms.flat, &random, shop)
            mapping.templates = [
                Template(name: "buyer", title: "Buyer", permissions: [AreaSetting(area: "prices", values: ["view"])])
            ]
            return mapping
        default:
            return mapping(try SamplePlatforms.studio(), SamplePlatforms.flat, &random, studio)
        }
    }

    /// The groups as they are: privileged rules take locked ones.
    static func lock() throws -> GroupTrust {
        .locked(
            GroupLock(
                file: "groups.lock.yaml",
                groups: try groups.map {
                    KnownGroup(
                        key: GroupKey(directory: "corp", id: try SampleDirectory.id($0)), name: $0,
                        dn: "cn=\($0),ou=groups,dc=example,dc=org")
                }))
    }

    private static func desk(_ random: inout SeededNumbers) -> Gift {
        if random.once(in: 6) { return Gift(role: "owner") }
        let role = ["lead", "auditor", "agent", "guest"][Int.random(in: 0..<4, using: &random)]
        let isSales = random.once(in: 2)
        let grants = [AssistantGrant(assistant: .literal("order-bot"), role: "lead")]
        return Gift(
            workspace: .literal(isSales ? "sales" : "support"), role: role,
            grants: !isSales && random.once(in: 3) ? grants : [])
    }

    private static func shop(_ random: inout SeededNumbers) -> Gift {
        if random.once(in: 6) { return Gift(role: "admin") }
        let template = ["clerk", "buyer"][Int.random(in: 0..<2, using: &random)]
        return Gift(
            role: "user", isDefaultRole: true, templates: random.once(in: 2) ? [template] : [],
            switches: random.once(in: 3) ? ["vip_access"] : [])
    }

    private static func studio(_ random: inout SeededNumbers) -> Gift {
        if random.once(in: 6) { return Gift(role: "admin") }
        let permissions = [AreaSetting(area: "data", values: [random.once(in: 2) ? "read" : "edit"])]
        return Gift(
            role: "member", isDefaultRole: true,
            templates: ["reader", "writer"].filter { _ in random.once(in: 2) },
            permissions: random.once(in: 3) ? permissions : [])
    }

    private static func mapping(
        _ platform: Platform, _ topology: Topology, _ random: inout SeededNumbers,
        _ gift: (inout SeededNumbers) -> Gift
    ) -> Mapping {
        let rules = (0..<Int.random(in: 1...6, using: &random)).map { number in
            let gift = gift(&random)
            return Rule(
                name: "rule \(number)", position: position(number), condition: condition(3, &random), gift: gift,
                otherwise: gift.role == "lead" && random.once(in: 2) ? "guest" : nil,
                templatePriority: Int.random(in: 0...1, using: &random),
                isPrivileged: platform.role(named: gift.role)?.privileged == true)
        }
        return Mapping(file: "m.yaml", platform: platform, topology: topology, directories: ["corp"], rules: rules)
    }

    static func condition(_ depth: Int, _ random: inout SeededNumbers) -> Condition {
        switch Int.random(in: 0..<(depth > 0 ? 6 : 3), using: &random) {
        case 0, 1: return group(groups[Int.random(in: 0..<5, using: &random)], nested: !random.once(in: 5))
        case 2: return .attribute(AttributeTest(name: "title", operator: .equals("BOSS"), position: position(0)))
        case 3: return .not(condition(depth - 1, &random))
        case 4: return .all((0..<2).map { _ in condition(depth - 1, &random) })
        default: return .any((0..<2).map { _ in condition(depth - 1, &random) })
        }
    }

    static func group(_ name: String, nested: Bool = true) -> Condition {
        .group(GroupReference(name: .name(name), directory: nil, base: nil, nested: nested, position: position(0)))
    }

    private static func position(_ line: Int) -> SourcePosition {
        SourcePosition(file: "m.yaml", line: line, column: 1)
    }
}

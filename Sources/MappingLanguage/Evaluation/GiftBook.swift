import AccessModel

/// What the gifts of all instances come to on their platform: worked out once, asked for every set of gifts.
struct GiftBook {
    struct Entry {
        var gift: InstanceGift
        /// Whether the role may be given: it is not privileged, or the rule is.
        var mayGiveRole: Bool
        /// Templates that may be given, and those that would take a privileged rule.
        var templates: [String]
        var withheldTemplates: [String]
        /// Nil where the gift sets none.
        var permissions: PermissionValues?
        var withheldPermissions: [AreaSetting]
    }

    let platform: Platform
    /// By place of the instance; nil for one that gives nothing.
    let entries: [Entry?]
    /// Of every role, in the order of the platform.
    private let rolePermissions: [PermissionValues]

    init(_ mapping: Mapping, _ gifts: [InstanceGift?]) {
        let platform = mapping.platform
        self.platform = platform
        rolePermissions = platform.roles.map { PermissionValues($0.permissions, platform) }
        var privileged: Set<String> = []
        for template in mapping.templates + platform.shippedTemplates {
            var values = PermissionValues(template.permissions, platform)
            if !values.removePrivileged(platform).isEmpty { privileged.insert(template.name) }
        }
        entries = gifts.map { $0.map { GiftBook.entry($0, platform, privilegedTemplates: privileged) } }
    }

    private static func entry(_ gift: InstanceGift, _ platform: Platform, privilegedTemplates: Set<String>) -> Entry {
        var permissions = gift.permissions.isEmpty ? nil : PermissionValues(gift.permissions, platform)
        var withheld: [AreaSetting] = []
        if !gift.isPrivileged { withheld = permissions?.removePrivileged(platform) ?? [] }
        return Entry(
            gift: gift, mayGiveRole: gift.isPrivileged || platform.roles[gift.rank].privileged == false,
            templates: gift.templates.filter { gift.isPrivileged || !privilegedTemplates.contains($0) },
            withheldTemplates: gift.isPrivileged ? [] : gift.templates.filter(privilegedTemplates.contains),
            permissions: permissions, withheldPermissions: withheld)
    }

    /// Whether a role in an outer scope contains everything that a role in a narrower one gives.
    func covers(outer: Int, inner: Int) -> Bool {
        platform.roles[outer].scope < platform.roles[inner].scope && extra(of: inner, beyond: outer).isEmpty
    }

    /// What one role would give that the other does not.
    func extra(of role: Int, beyond other: Int) -> [AreaSetting] {
        rolePermissions[role].beyond(rolePermissions[other], platform)
    }

    /// Whether a grant of one role below another role's scope adds anything.
    func grantHasEffect(_ granted: String, below role: Int) -> Bool {
        guard let rank = platform.rank(of: granted) else { return false }
        return !extra(of: rank, beyond: role).isEmpty
    }
}

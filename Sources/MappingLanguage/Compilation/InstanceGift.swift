package import AccessModel

/// What one rule instance gives, every name resolved.
package struct InstanceGift: Sendable, Hashable {
    package var scope: ScopePath
    package var role: String
    /// Place of the role in the platform's order; 0 is the highest.
    package var rank: Int
    package var isDefaultRole: Bool
    package var otherwise: String?
    package var seatPriority: Int
    package var templatePriority: Int
    package var isPrivileged: Bool
    package var templates: [String]
    package var switches: [String]
    package var permissions: [AreaSetting]
    package var grants: [ScopedRole]
    /// False where a frozen group may not give the role, but the rest.
    package var givesRole = true
}

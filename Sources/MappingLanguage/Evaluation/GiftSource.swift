package import AccessModel

/// Which rules give one part of an access that is no role of a scope: those have claims.
package struct GiftSource: Sendable, Equatable {
    package enum Part: Sendable, Hashable {
        case template(String)
        case switchOn(String)
        case grant(ScopedRole)
        /// Path of an area.
        case permission(String)
    }
    package var part: Part
    /// The first rule instance that gives it; of permissions, which add up, all that set the area.
    package var instances: [UInt32]

    package init(part: Part, instances: [UInt32]) {
        self.part = part
        self.instances = instances
    }
}

extension DesiredAccess {
    /// Rule instances that give something that stands in the access; sorted.
    package var givers: [UInt32] {
        Set(claims.map(\.winner) + sources.flatMap(\.instances)).sorted()
    }
}

/// An overlay of slapd with the settings that tests want of it, in the order in which the database has them.
package enum SlapdOverlay: String, Sendable, CaseIterable {
    case memberof, refint, dynlist, ppolicy, syncprov

    /// Its lines of slapd.conf inside the database.
    var lines: [String] {
        ["overlay \(rawValue)"] + settings
    }

    private var settings: [String] {
        switch self {
        case .memberof: ["memberof-group-oc groupOfNames", "memberof-refint FALSE"]
        case .refint: ["refint_attributes member"]
        case .dynlist: ["dynlist-attrset groupOfURLs memberURL member"]
        case .ppolicy: ["ppolicy_default cn=policy,\(SlapdFixture.suffix)"]
        case .syncprov: ["syncprov-sessionlog 1000"]
        }
    }
}

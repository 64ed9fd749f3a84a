/// An overlay of slapd with the settings that tests want of it, in the order in which the database has them.
package enum SlapdOverlay: String, Sendable, CaseIterable {
    case memberof, refint, dynlist, ppolicy, syncprov
    /// Keeps every change in a database of its own, which `syncprov` then takes for its log: it outlives a restart.
    case accesslog

    static let log = "cn=accesslog"

    /// Its lines of slapd.conf inside the database.
    func lines(_ options: SlapdFixture.Options) -> [String] {
        ["overlay \(rawValue)"] + settings(options)
    }

    private func settings(_ options: SlapdFixture.Options) -> [String] {
        switch self {
        case .memberof: ["memberof-group-oc groupOfNames", "memberof-refint FALSE"]
        case .refint: ["refint_attributes member"]
        case .dynlist: ["dynlist-attrset groupOfURLs memberURL member"]
        case .ppolicy: ["ppolicy_default cn=policy,\(SlapdFixture.suffix)"]
        case .syncprov:
            options.overlays.contains(.accesslog)
                ? ["syncprov-sessionlog-source \(SlapdOverlay.log)"] : ["syncprov-sessionlog \(options.sessionLog)"]
        case .accesslog: ["logdb \(SlapdOverlay.log)", "logops writes", "logsuccess TRUE"]
        }
    }
}

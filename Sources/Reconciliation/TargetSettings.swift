package import AccessModel

/// Everything that decides about a target and is not a person: resolved, complete, valid.
package struct TargetSettings: Sendable {
    package enum Mode: String, Sendable { case observe, manage }

    package var name: String
    package var mode: Mode
    package var platform: Platform
    package var topology: Topology
    /// Shipped and customer-defined templates, sorted by name.
    package var templates: [Template]
    package var policy: Policy
    package var limits: Limits
    /// Who is protected, as the configuration names them.
    package var protect: [ProtectedReference]
    /// Fingerprint of each file and section that decides; compared with the baseline's.
    package var fingerprints: [String: String]

    package init(
        name: String, mode: Mode, platform: Platform, topology: Topology, templates: [Template], policy: Policy,
        limits: Limits, protect: [ProtectedReference], fingerprints: [String: String]
    ) {
        self.name = name
        self.mode = mode
        self.platform = platform
        self.topology = topology
        self.templates = templates
        self.policy = policy
        self.limits = limits
        self.protect = protect
        self.fingerprints = fingerprints
    }
}

/// One entry of `protect:`.
package enum ProtectedReference: Sendable, Hashable {
    case email(String)
    case group(String)
    case id(String)
}

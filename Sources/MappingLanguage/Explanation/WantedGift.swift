package import AccessModel

/// What somebody asks for who asks why a person has not got it.
package enum WantedGift: Sendable, Hashable {
    case role(String)
    case template(String)
    case switchOn(String)
    /// Whatever there is in a workspace.
    case workspace(String)
    /// Whatever the target gives.
    case anything
}

/// Everything that a rule could give, by name.
package struct PossibleGifts: Sendable, Equatable {
    /// The role, the one of `otherwise`, those on assistants.
    package var roles: [String]
    package var templates: [String]
    package var switches: [String]
    /// The workspace of the role, once the captured word is known; none for the outermost scope.
    package var workspaces: [String]

    package init(roles: [String], templates: [String] = [], switches: [String] = [], workspaces: [String] = []) {
        self.roles = roles
        self.templates = templates
        self.switches = switches
        self.workspaces = workspaces
    }

    package func contains(_ wanted: WantedGift) -> Bool {
        switch wanted {
        case .role(let name): roles.contains { $0 == name }
        case .template(let name): templates.contains { $0 == name }
        case .switchOn(let name): switches.contains { $0 == name }
        case .workspace(let name): workspaces.contains { $0 == name }
        case .anything: true
        }
    }
}

extension Access {
    /// Whether what is asked for is in it.
    package func has(_ wanted: WantedGift) -> Bool {
        switch wanted {
        case .role(let name): (roles + grants).contains { $0.role == name }
        case .template(let name): templates.contains { $0 == name }
        case .switchOn(let name): switches.contains { $0 == name }
        case .workspace(let name): (roles + grants).contains { $0.scope.components.first == name }
        case .anything: !isEmpty
        }
    }
}

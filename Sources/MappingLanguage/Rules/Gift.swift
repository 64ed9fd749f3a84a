package import AccessModel

/// What a rule gives: valid on its platform, apart from a captured word.
package struct Gift: Sendable, Equatable {
    /// A name of the topology, or the word that a group's name fills in.
    package enum Word: Sendable, Equatable {
        case literal(String)
        case captured

        /// The name, with the captured word put in.
        package func filled(_ captured: String?) -> String? {
            switch self {
            case .literal(let name): name
            case .captured: captured
            }
        }
    }

    /// The workspace; nil for the outermost scope.
    package var workspace: Word?
    /// The role named, or the platform's default role.
    package var role: String
    package var isDefaultRole: Bool
    package var templates: [String]
    package var switches: [String]
    package var permissions: [AreaSetting]
    package var grants: [AssistantGrant]

    package init(
        workspace: Word? = nil, role: String, isDefaultRole: Bool = false, templates: [String] = [],
        switches: [String] = [], permissions: [AreaSetting] = [], grants: [AssistantGrant] = []
    ) {
        self.workspace = workspace
        self.role = role
        self.isDefaultRole = isDefaultRole
        self.templates = templates
        self.switches = switches
        self.permissions = permissions
        self.grants = grants
    }
}

/// A role on one assistant of the gift's workspace.
package struct AssistantGrant: Sendable, Equatable {
    package var assistant: Gift.Word
    package var role: String

    package init(assistant: Gift.Word, role: String) {
        self.assistant = assistant
        self.role = role
    }
}

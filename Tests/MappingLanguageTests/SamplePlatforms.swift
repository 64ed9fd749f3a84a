import AccessModel
import Diagnostics
import MappingLanguage
import Testing

/// Platforms made up for tests, small enough to see through.
enum SamplePlatforms {
    /// Account and workspaces, assistants in them, seats per workspace.
    static func desk() throws -> Platform {
        try platform(
            """
            version: 1
            platform: desk
            scopes: [account, workspace, assistant]
            permissions:
              levels: [none, read, full]
              areas: {account: {}, tickets: {}, bots: {}, reports: {}}
            roles:
              owner: {scope: account, privileged: true, permissions: all}
              lead: {scope: workspace, permissions: {tickets: full, bots: full}}
              auditor: {scope: workspace, permissions: {reports: read, tickets: read}}
              agent: {scope: workspace, permissions: {tickets: full}}
              guest: {scope: workspace, permissions: {tickets: read}}
            grants: {assistant: {lead: {for: [auditor, agent, guest]}}}
            seats:
              seat: {per: workspace, held_by: {roles: [lead, auditor, agent], roles_with_grant: [guest]}, freed_by: lower}
            """)
    }

    /// One scope, one template per user, a switch, a default role.
    static func shop() throws -> Platform {
        try platform(
            """
            version: 1
            platform: shop
            scopes: [tenant]
            permissions:
              actions: [view, edit, delete]
              areas: {orders: {}, prices: {}, users: {privileged: [edit, delete]}}
            roles:
              admin: {scope: tenant, privileged: true, permissions: all}
              user: {scope: tenant, permissions: {}}
            default_role: user
            templates:
              per_user: one
              ship: {clerk: {permissions: {orders: [view, edit]}}}
            switches: {vip_access: {forced_on_for: [admin]}}
            """)
    }

    /// One scope, many templates, a tree of levels.
    static func studio() throws -> Platform {
        try platform(
            """
            version: 1
            platform: studio
            scopes: [account]
            permissions:
              levels: [none, read, edit]
              areas:
                build: {areas: {flows: {}, tools: {}}}
                data: {}
            roles:
              admin: {scope: account, privileged: true, permissions: all}
              member: {scope: account, permissions: {}}
            default_role: member
            templates:
              per_user: many
              ship: {writer: {permissions: {build: edit}}, reader: {permissions: {data: read}}}
            """)
    }

    static let topology = Topology(
        scopes: [
            ScopeInstance(path: .root), ScopeInstance(path: ScopePath("sales")),
            ScopeInstance(path: ScopePath("support")),
            ScopeInstance(path: ScopePath("support/order-bot")),
        ],
        pools: [SeatPool(scope: ScopePath("support"), seatClass: "seat", limit: 2)])

    static let flat = Topology(scopes: [ScopeInstance(path: .root)], pools: [])

    private static func platform(_ text: String) throws -> Platform {
        var diagnostics = DiagnosticList()
        let platform = PlatformFile.platform(SourceFile(name: "platform.yaml", text: text), into: &diagnostics)
        #expect(diagnostics.text == "")
        return try #require(platform)
    }
}

/// Reads a mapping of one of the sample platforms.
enum SampleMappings {
    static func context(_ platform: Platform, directories: [String] = ["corp"]) -> MappingContext {
        MappingContext(
            platform: platform, topology: platform.scopes.count > 1 ? SamplePlatforms.topology : SamplePlatforms.flat,
            directories: directories.map {
                MappingContext.Directory(name: $0, trustedAttributes: ["title", "departmentNumber"])
            })
    }

    static func mapping(_ platform: Platform, rules: String, directories: [String] = ["corp"]) throws -> Mapping {
        try mapping(
            platform, text: "version: 1\nplatform: \(platform.name)\nrules:\n" + rules, directories: directories)
    }

    static func mapping(_ platform: Platform, text: String, directories: [String] = ["corp"]) throws -> Mapping {
        var diagnostics = DiagnosticList()
        let mapping = MappingFile.mapping(
            SourceFile(name: "m.yaml", text: text), in: context(platform, directories: directories), into: &diagnostics)
        #expect(diagnostics.errors.text == "")
        return try #require(mapping)
    }
}

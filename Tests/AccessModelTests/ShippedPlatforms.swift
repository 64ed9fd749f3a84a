import AccessModel
import Diagnostics
import TestSupport
import Testing

/// A platform as shipped.
func shipped(_ name: String) throws -> Platform {
    try read("config/platforms/\(name).yaml")
}

func read(_ path: String) throws -> Platform {
    var diagnostics = DiagnosticList()
    let platform = PlatformFile.platform(try Repository.source(path), into: &diagnostics)
    #expect(diagnostics.text == "")
    return try #require(platform)
}

/// A platform written in a test, and the first line of each diagnostic.
func resolve(_ text: String) -> (platform: Platform?, lines: [String]) {
    var diagnostics = DiagnosticList()
    let platform = PlatformFile.platform(SourceFile(name: "p.yaml", text: text), into: &diagnostics)
    return (platform, diagnostics.sorted.map { String($0.text.prefix { $0 != "\n" }.dropFirst("p.yaml:".count)) })
}

/// The permissions of a role by path of the area, `-` for none.
func permissions(of role: String, on platform: Platform) throws -> [String: String] {
    let role = try #require(platform.role(named: role))
    return table(platform.effectivePermissions(of: role), on: platform)
}

func table(_ permissions: PermissionSet, on platform: Platform) -> [String: String] {
    var result: [String: String] = [:]
    for (index, area) in platform.areas.enumerated() {
        let names = permissions.names(in: index, on: platform)
        result[area.path] = names.isEmpty ? "-" : names.joined(separator: " ")
    }
    return result
}

func at(_ scope: String, _ role: String) -> ScopedRole { ScopedRole(scope: ScopePath(scope), role: role) }

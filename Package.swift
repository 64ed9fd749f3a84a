// swift-tools-version: 6.2
import PackageDescription

/// Every target is compiled the same strict way: Swift 6 mode, warnings are errors.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

/// A target of the product.
///
/// The order of this list is the order of imports: each imports only what stands above it.
func source(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], files: [String] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies + ["TestSupport"], exclude: files, swiftSettings: strict)
}

let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let sqlite = Target.Dependency.product(name: "GRDBSQLite", package: "GRDB.swift")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

let core: [Target.Dependency] = [
    "Diagnostics", "DirectoryModel", "AccessModel", "MappingLanguage", "Reconciliation", "Reports",
]

let package = Package(
    name: "rollcall",
    products: [.executable(name: "rollcall", targets: ["rollcall"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        // The core: pure. No LDAP, no SQLite, no file system, no network, no clock.
        source("Diagnostics", [yams]),
        source("DirectoryModel"),
        source("AccessModel", ["Diagnostics"]),
        source("MappingLanguage", ["Diagnostics", "DirectoryModel", "AccessModel"]),
        source("Reconciliation", ["Diagnostics", "DirectoryModel", "AccessModel", "MappingLanguage"]),
        source("Reports", ["Diagnostics", "DirectoryModel", "AccessModel", "MappingLanguage", "Reconciliation"]),
        // The shell.
        .systemLibrary(name: "CLDAP", pkgConfig: "ldap", providers: [.apt(["libldap2-dev"])]),
        source("LDAPClient", ["CLDAP", "DirectoryModel"]),
        source("DirectorySources", ["LDAPClient", "DirectoryModel"]),
        source(
            "SQLiteRoster",
            ["Diagnostics", "DirectoryModel", "AccessModel", "MappingLanguage", "Reconciliation", grdb, sqlite]),
        source("SyncAgent", core + [logging]),
        .executableTarget(
            name: "rollcall",
            dependencies: core + ["LDAPClient", "DirectorySources", "SQLiteRoster", "SyncAgent", arguments, logging],
            swiftSettings: strict),
        // Tests.
        .target(
            name: "TestSupport",
            dependencies: core + ["LDAPClient", "DirectorySources", "SQLiteRoster", "SyncAgent", sqlite],
            path: "Tests/TestSupport", exclude: ["Tools"], swiftSettings: strict),
        tests("DiagnosticsTests", ["Diagnostics"]),
        tests("DirectoryModelTests", ["DirectoryModel"]),
        tests("AccessModelTests", ["AccessModel", "Diagnostics"]),
        tests("MappingLanguageTests", ["MappingLanguage", "AccessModel", "DirectoryModel", "Diagnostics"]),
        tests("ReconciliationTests", core),
        tests("ReferenceModelTests", core),
        tests("ReportsTests", core + ["SQLiteRoster"], files: ["Recorded", "Tools"]),
        tests("LDAPClientTests", ["LDAPClient", "DirectoryModel", "CLDAP"]),
        tests("DirectorySourcesTests", core + ["DirectorySources", "LDAPClient", "SQLiteRoster", "SyncAgent"]),
        tests("SQLiteRosterTests", core + ["SQLiteRoster", sqlite]),
        tests("SyncAgentTests", core + ["SyncAgent", "SQLiteRoster", "DirectorySources"]),
        tests("rollcallTests", ["rollcall", arguments]),
        tests("EndToEndTests", core + ["SQLiteRoster", "rollcall"], files: ["Scenarios", "Guides", "Tools"]),
    ]
)

// swift-tools-version: 6.2
import PackageDescription

/// A maker of directories, and the bare insert that a store is measured against.
///
/// A package of its own, so that the product neither builds nor ships it.
let package = Package(
    name: "benchmarks",
    targets: [
        .executableTarget(
            name: "make-directory",
            swiftSettings: [
                .swiftLanguageMode(.v6), .enableUpcomingFeature("ExistentialAny"), .treatAllWarnings(as: .error),
            ]),
        .executableTarget(
            name: "bare-insert",
            cSettings: [.unsafeFlags(["-O2", "-Wall", "-Wextra", "-Werror"])],
            linkerSettings: [.linkedLibrary("sqlite3")]),
    ]
)

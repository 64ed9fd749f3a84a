package import MappingLanguage

/// What `test` found, by target in the order of the configuration.
package struct TestReport: Sendable, Equatable {
    package struct Target: Sendable, Equatable {
        package var name: String
        /// Mapping file, as shown.
        package var file: String
        package var run: MappingTestRun

        package init(name: String, file: String, run: MappingTestRun) {
            self.name = name
            self.file = file
            self.run = run
        }
    }
    package var targets: [Target]

    package init(targets: [Target]) { self.targets = targets }

    package var passed: Bool { targets.allSatisfy(\.run.passed) }
}

package import MappingLanguage

/// What `test` found, by target in the order of the configuration.
package struct TestReport: Sendable, Equatable {
    package struct Target: Sendable, Equatable {
        package var name: String
        /// Mapping file, as shown.
        package var file: String
        package var run: MappingTestRun
        /// Rules of the file.
        package var rules: Int
        /// Groups that rules name and that people and groups as last read do not have; nil where nobody looked.
        package var lacking: [MappingFinding]?

        package init(
            name: String, file: String, run: MappingTestRun, rules: Int = 0, lacking: [MappingFinding]? = nil
        ) {
            self.name = name
            self.file = file
            self.run = run
            self.rules = rules
            self.lacking = lacking
        }
    }
    package var targets: [Target]

    package init(targets: [Target]) { self.targets = targets }

    package var passed: Bool { targets.allSatisfy { $0.run.passed && $0.lacking?.isEmpty ?? true } }

    /// How many rules of one file some test's person matches, whatever target uses the file.
    package struct Coverage: Sendable, Equatable {
        package var file: String
        package var rules: Int
        package var touched: Int

        /// Rounded down, so that only a file all of whose rules are touched has 100.
        package var percent: Int { rules == 0 ? 100 : touched * 100 / rules }
    }

    /// By file, in the order of the targets.
    package var coverage: [Coverage] {
        var files: [String] = []
        for target in targets where !files.contains(target.file) { files.append(target.file) }
        return files.map { file in
            let all = targets.filter { $0.file == file }
            let untouched = all.dropFirst().reduce(Set(all.first?.run.untouched ?? [])) {
                $0.intersection($1.run.untouched)
            }
            let rules = all.first?.rules ?? 0
            return Coverage(file: file, rules: rules, touched: max(0, rules - untouched.count))
        }
    }
}

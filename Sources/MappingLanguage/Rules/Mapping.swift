package import AccessModel
package import Diagnostics

/// A mapping file, valid against one platform, one topology and the names of the directories.
package struct Mapping: Sendable, Equatable {
    /// As the person named it.
    package var file: String
    package var platform: Platform
    package var topology: Topology
    /// Names of the directories, as configured.
    package var directories: [String]
    /// The customer's own templates, sorted by name; the platform's shipped ones are not among them.
    package var templates: [Template]
    /// Where each of them stands, by name.
    package var templatePositions: [String: SourcePosition] = [:]
    /// In the order of the file.
    package var rules: [Rule]
    package var tests: [MappingTest]
    /// The policy's own causes, whose conditions see the same groups as the rules.
    package var causes: [CauseCondition] = []
    /// The group of a pilot, where the target is one.
    package var pilot: GroupReference?

    package init(
        file: String, platform: Platform, topology: Topology, directories: [String], templates: [Template] = [],
        rules: [Rule], tests: [MappingTest] = []
    ) {
        self.file = file
        self.platform = platform
        self.topology = topology
        self.directories = directories
        self.templates = templates
        self.rules = rules
        self.tests = tests
    }

    /// Attributes that the rules test: lower-case, sorted, distinct; what a pull must ask for.
    package var attributes: [String] {
        let conditions = rules.map(\.condition) + causes.map(\.condition)
        return Set(conditions.flatMap { $0.attributeTests.map(\.name) }).sorted(by: precedes)
    }

    /// Every group that rules, own causes and a pilot name, in this order.
    package var groupReferences: [GroupReference] {
        (rules.map(\.condition) + causes.map(\.condition)).flatMap { $0.groups.map(\.reference) }
            + [pilot].compactMap { $0 }
    }

    /// The template of that name, the customer's before a shipped one.
    package func template(named name: String) -> Template? {
        templates.first { $0.name == name } ?? platform.shippedTemplates.first { $0.name == name }
    }
}

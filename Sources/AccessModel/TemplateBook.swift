/// The templates that exist on one target: those that come with the platform and those that the customer defined.
package struct TemplateBook: Sendable, Equatable {
    /// Sorted by name, distinct.
    package let templates: [Template]

    /// A template of the customer hides a shipped one of the same name.
    package init(shipped: [Template], customer: [Template] = []) {
        var byName: [String: Template] = [:]
        for template in shipped + customer { byName[template.name] = template }
        templates = byName.values.sorted { precedes($0.name, $1.name) }
    }

    package func template(named name: String) -> Template? {
        templates.first { $0.name == name }
    }
}

import AccessModel
import Diagnostics

/// Follows the references of a mapping file and reports every one that leads nowhere.
struct MappingResolver {
    let file: MappingFile
    let context: MappingContext
    var diagnostics: DiagnosticList
    /// The customer's templates and the shipped ones.
    var templates: TemplateBook

    var platform: Platform { context.platform }
    var topology: Topology { context.topology }

    init(_ file: MappingFile, _ context: MappingContext, _ diagnostics: DiagnosticList) {
        self.file = file
        self.context = context
        self.diagnostics = diagnostics
        templates = TemplateBook(shipped: context.platform.shippedTemplates)
    }

    mutating func mapping() -> Mapping {
        checkPlatform()
        let own = ownTemplates()
        templates = TemplateBook(shipped: platform.shippedTemplates, customer: own)
        let rules = rules()
        var mapping = Mapping(
            file: file.name, platform: platform, topology: topology, directories: context.directories.map(\.name),
            templates: own, rules: rules)
        for field in file.root["templates"]?.fields ?? [] { mapping.templatePositions[field.key] = field.keyPosition }
        mapping.tests = tests(of: mapping)
        Lint.check(mapping, into: &diagnostics)
        return mapping
    }

    private mutating func checkPlatform() {
        guard let named = file.platform, named.value != platform.name else { return }
        diagnostics.error(
            "mapping.other-platform", at: named.position,
            "the mapping is for `\(named.value)`, but the target's platform is `\(platform.name)`",
            hint: NearestName.of(named.value, in: [platform.name]).map { "did you mean `\($0)`?" }
                ?? "name the same platform in both files")
    }

    private mutating func ownTemplates() -> [Template] {
        let fields = file.root["templates"]?.fields ?? []
        if platform.templatesPerUser == .none, let first = fields.first {
            refuseTemplates(at: first.keyPosition)
            return []
        }
        let reader = AreaSettingReader(areas: platform.areas)
        return fields.compactMap { reader.template($0, into: &diagnostics) }.sorted { precedes($0.name, $1.name) }
    }

    mutating func refuseTemplates(at position: SourcePosition) {
        diagnostics.error(
            "mapping.no-templates", at: position, "platform `\(platform.name)` has no templates",
            hint: "give a role, or permissions")
    }

    private mutating func rules() -> [Rule] {
        guard let list = file.root["rules"], let items = list.items else { return [] }
        if items.isEmpty {
            diagnostics.error(
                "mapping.no-rules", at: list.position, "a mapping without rules would take everything from everybody",
                hint: "write at least one rule; to stop managing a target, set its `mode: observe`")
        }
        var names: [String: SourcePosition] = [:]
        var rules: [Rule] = []
        for (place, item) in items.enumerated() {
            guard let object = item.object else { continue }
            let name = object["name"]?.text ?? "rule \(place + 1)"
            if let first = names[name] {
                diagnostics.warning(
                    "mapping.duplicate-name", at: object["name"]?.position ?? object.position,
                    "there is another rule `\(name)`, in line \(first.line)",
                    hint: "give it a name of its own: reports go by it")
            } else {
                names[name] = object.position
            }
            if let rule = rule(object, name: name) { rules.append(rule) }
        }
        return rules
    }

    private mutating func rule(_ object: ObjectNode, name: String) -> Rule? {
        let before = diagnostics.errorCount
        let condition = object["when"].flatMap { self.condition($0) }
        let captured = condition?.groups.compactMap(\.reference.captured) ?? []
        let isPrivileged = object["privileged"]?.boolean ?? false
        guard let gift = gift(object, captures: captured.first, isPrivileged: isPrivileged) else { return nil }
        if captured.count > 1 {
            diagnostics.error(
                "mapping.several-captures", at: object.position(of: "when"),
                "one rule may leave one word open, not \(captured.count)", hint: "write a rule for each name")
        }
        let otherwise = object["otherwise"]?.object?["role"].flatMap {
            self.otherwise($0, gift: gift, isPrivileged: isPrivileged)
        }
        guard let condition else { return nil }
        if isPrivileged { checkPrivileged(object, condition, gift) }
        guard diagnostics.errorCount == before else { return nil }
        return Rule(
            name: name, position: object.position, condition: condition, gift: gift, otherwise: otherwise,
            seatPriority: object["seat_priority"]?.integer ?? 0,
            templatePriority: object["template_priority"]?.integer ?? 0, isPrivileged: isPrivileged)
    }
}

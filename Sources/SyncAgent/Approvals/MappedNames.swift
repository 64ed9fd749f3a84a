import DirectoryModel
import MappingLanguage
import Reconciliation

/// The groups that rules, own causes and pilots name, as an approval may name them.
struct MappedNames {
    private var names: Set<String> = []
    private var shapes: [CapturedName] = []
    /// Whether a reference says nothing about the name.
    private var isOpen = false

    /// Sorted, for hints.
    var all: [String] { names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) } }

    init(_ targets: [TargetFiles]) {
        for target in targets {
            for group in target.lock?.groups ?? [] { names.insert(group.name) }
            for reference in target.mapping.groupReferences {
                switch reference.name {
                case .name(let name): names.insert(name)
                case .captured(let shape): shapes.append(shape)
                case .dn(let dn): add(dn)
                case .id: isOpen = isOpen || target.lock == nil
                }
            }
        }
    }

    /// The value of a DN's first part; one that is written with escapes is not looked into.
    private mutating func add(_ dn: String) {
        guard !dn.contains("\\"), let start = dn.firstIndex(of: "=") else {
            isOpen = true
            return
        }
        names.insert(String(dn[dn.index(after: start)...].prefix { $0 != "," && $0 != "+" }))
    }

    /// Whether `text` may mean one of them: a name, with or without the directory, or an immutable id.
    func knows(_ text: String) -> Bool {
        if isOpen { return true }
        if let id = ImmutableID(written: text), id.count == 16, text.utf8.count >= 32 { return true }
        let plain = text.split(separator: ":", maxSplits: 1).last.map(String.init) ?? text
        return [text, plain].contains { candidate in
            let folded = candidate.lowercased()
            return names.contains { $0.lowercased() == folded } || shapes.contains { $0.fits(folded) }
        }
    }
}

extension CapturedName {
    fileprivate func fits(_ name: String) -> Bool {
        id(in: Array(name.utf8), prefix: Array(prefix.lowercased().utf8), suffix: Array(suffix.lowercased().utf8))
            != nil
    }
}

extension AgentFiles {
    /// The groups of these targets; nil is all.
    func mappedNames(of targets: [String]?) -> MappedNames {
        MappedNames(self.targets.filter { targets?.contains($0.settings.name) ?? true })
    }
}

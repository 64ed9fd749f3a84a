import AccessModel
import Diagnostics
import MappingLanguage
import SyncAgent
import TestSupport
import Testing

/// The JSON Schemas for editors and the reference for people are those of the readers.
struct SchemaTests {
    /// Every kind of file that a person writes.
    static let grammars: [FileGrammar] = [
        PlatformGrammar.file, AgentGrammar.grammar, ApprovalGrammar.grammar,
        MappingGrammar.mapping, MappingGrammar.lock,
    ]

    @Test(arguments: grammars.map(\.name))
    func schemaIsThatOfTheReader(name: String) throws {
        let grammar = try #require(SchemaTests.grammars.first { $0.name == name })
        try RecordedFile.expect(JSONSchema.render(grammar), at: "config/schema/\(name).schema.json")
    }

    @Test(arguments: grammars.map(\.name))
    func referenceIsThatOfTheReader(name: String) throws {
        let grammar = try #require(SchemaTests.grammars.first { $0.name == name })
        try RecordedFile.expect(FileReference.render(grammar), at: "docs/reference/files/\(name).md")
    }

    @Test func everyKeyIsExplained() throws {
        for grammar in SchemaTests.grammars {
            for (name, shape) in grammar.definitions.merging(["": grammar.root], uniquingKeysWith: { mine, _ in mine })
            {
                for key in shape.keys {
                    #expect(key.doc.hasSuffix("."), "\(grammar.name), \(name), \(key.name)")
                    #expect(key.doc.first?.isUppercase == true, "\(grammar.name), \(name), \(key.name)")
                }
            }
        }
    }
}

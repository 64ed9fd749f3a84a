import DirectoryModel
import Reconciliation

/// The digest of the findings of one target, in whatever order: tells whether they are another night's, and whether somebody edited them.
struct FindingsDigest: Equatable {
    private(set) var value: Int64 = 0

    init(value: Int64 = 0) { self.value = value }

    mutating func add(_ finding: Finding) { value &+= FindingsDigest.of(finding) }

    mutating func take(_ finding: Finding) { value &-= FindingsDigest.of(finding) }

    private static func of(_ finding: Finding) -> Int64 {
        var hash = StableHash()
        for text in [finding.code, finding.label, finding.message, finding.hint] { hash.add(text) }
        hash.add(Int64(finding.weight.rawValue))
        if let person = finding.person {
            hash.add(person.directory)
            hash.add(person.id.description)
        }
        return hash.value
    }

    /// The digest of the findings that stand in the file.
    static func stored(target: Int64, _ connection: OpaquePointer) throws -> Int64 {
        var digest = FindingsDigest()
        for finding in try FindingsReader(connection: connection).findings(target: target) { digest.add(finding) }
        return digest.value
    }
}

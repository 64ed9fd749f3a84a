import DirectoryModel
import Reconciliation

/// The digest of the findings of one target, in order: tells whether they are another night's, and whether somebody edited them.
struct FindingsDigest {
    private var hash = StableHash()

    mutating func add(_ finding: Finding) {
        add(
            [finding.code, finding.label, finding.message, finding.hint], weight: Int64(finding.weight.rawValue),
            directory: finding.person?.directory, id: finding.person?.id)
    }

    /// Texts are code, label, message and hint.
    private mutating func add(_ texts: [String], weight: Int64, directory: String?, id: ImmutableID?) {
        for text in texts { hash.add(text) }
        hash.add(weight)
        if let directory, let id {
            hash.add(directory)
            hash.add(id.description)
        }
    }

    var value: Int64 { hash.value }

    /// The digest of the findings that stand in the file.
    static func stored(target: Int64, _ connection: OpaquePointer) throws -> Int64 {
        let rows = try SQLStatement(
            connection,
            "SELECT code, label, message, hint, weight, directory, entry_id FROM findings WHERE target = ? ORDER BY place"
        )
        rows.bind(1, target)
        var digest = FindingsDigest()
        try rows.forEach {
            digest.add(
                (0..<4).map { rows.text($0) }, weight: rows.integer(4), directory: rows.optionalText(5),
                id: rows.isNull(6) ? nil : try rows.id(6))
        }
        return digest.value
    }
}

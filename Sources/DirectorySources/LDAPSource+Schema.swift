package import DirectoryModel
internal import LDAPClient

extension LDAPSource {
    /// The names in the schema that the server shows (RFC 4512 §4.2), every name of each attribute.
    package func knownAttributes() throws(PullFailure) -> [String]? {
        let connection =
            if let connection { connection } else { try open(settings.urls) }
        let places = try attempt { () throws(LDAPError) in try connection.read("", ["subschemaSubentry"]) }
        guard let place = places?[0].first, let schema = String(validating: place, as: UTF8.self) else { return nil }
        let entry = try attempt { () throws(LDAPError) in
            try EntryCopy.read(connection, schema, ["attributeTypes"])
        }
        // One that comes in parts shows an empty attribute beside them.
        let names = (entry?.values("attributeTypes") ?? []).flatMap { AttributeTypeDescription.names(Array($0)) }
        return names.isEmpty ? nil : names
    }
}

/// The definition of an attribute in a schema (RFC 4512 §4.1.2).
enum AttributeTypeDescription {
    /// `( 2.5.4.4 NAME ( 'sn' 'surname' ) DESC … )` → `sn`, `surname`; none where the definition has none or cannot be read.
    static func names(_ definition: [UInt8]) -> [String] {
        let words = definition.split(separator: UInt8(ascii: " "))
        guard let start = words.firstIndex(where: { $0.elementsEqual("NAME".utf8) }) else { return [] }
        var names: [String] = []
        for word in words[(start + 1)...] {
            if word.elementsEqual("(".utf8) { continue }
            guard word.count > 2, word.first == UInt8(ascii: "'"), word.last == UInt8(ascii: "'"),
                let name = String(validating: word.dropFirst().dropLast(), as: UTF8.self)
            else { break }
            names.append(name)
        }
        return names
    }
}

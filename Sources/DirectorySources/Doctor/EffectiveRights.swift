/// What 389 Directory Server says of the rights of an account to an entry (draft-ietf-ldapext-acl-model, "get effective rights").
struct EffectiveRights: Equatable {
    static let control = "1.3.6.1.4.1.42.2.27.9.5.2"

    /// What may be done that changes something: `add`, `delete`, `rename`, and attributes that may be written, as they are named.
    private(set) var changes: [String] = []

    /// `entry` is `entryLevelRights`, such as `vadn`; `attributes` is `attributeLevelRights`, such as `mail:rscwo, uid:rsc`.
    init(entry: String, attributes: String) {
        let words = [("a", "add"), ("d", "delete"), ("n", "rename")]
        if entry != "none" {
            changes = words.filter { entry.utf8.contains($0.0.utf8[$0.0.utf8.startIndex]) }.map { "\($0.1) the entry" }
        }
        for part in attributes.utf8.split(separator: UInt8(ascii: ",")) {
            let pair = part.split(separator: UInt8(ascii: ":"), maxSplits: 1)
            guard pair.count == 2, !pair[1].elementsEqual("none".utf8) else { continue }
            // w writes, o removes; W and O are the same for one's own name only.
            guard pair[1].contains(UInt8(ascii: "w")) || pair[1].contains(UInt8(ascii: "o")) else { continue }
            changes.append(String(decoding: pair[0].drop { $0 == 0x20 }, as: UTF8.self))
        }
    }
}

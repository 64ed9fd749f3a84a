import DirectoryModel
import MappingLanguage
import Reconciliation
import SyncAgent

/// Groups that somebody is taken to be in, or not to be in: `+sales`, `-support`.
struct GroupAssumptions {
    /// One sentence for each, without its `if`.
    private(set) var words: [String] = []
    private var joined: Set<GroupIndex> = []
    private var left: Set<GroupIndex> = []
    private let place: PersonIndex

    init(_ texts: [String], _ scene: InquiryScene, _ person: PersonKey) throws {
        guard let place = scene.mirror.place(of: person) else {
            throw AgentFailure(
                .failed, "the person was not in the directory when it was last read, so could be in no group",
                hint: "`--if` takes somebody who is there")
        }
        self.place = place
        var named: [NamedGroup] = []
        for text in texts {
            let bytes = text.utf8
            guard let sign = bytes.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"), bytes.count > 1 else {
                throw AgentFailure(
                    .usage, "`--if \(text)` does not say whether to be in the group or not",
                    hint: "write `--if +\(text)` or `--if -\(text)`")
            }
            let name = String(Substring(bytes.dropFirst()))
            let isJoining = sign == UInt8(ascii: "+")
            named.append(NamedGroup(text: text, name: name, group: try scene.group(name), isJoining: isJoining))
        }
        let graph = MembershipGraph(scene.mirror)
        try GroupAssumptions.checkAgreement(of: named, graph)
        for one in named { add(one.name, one.group, scene.mirror, graph, isJoining: one.isJoining) }
    }

    /// A group as it was typed.
    private struct NamedGroup {
        let text: String
        let name: String
        let group: GroupIndex
        let isJoining: Bool
    }

    /// Nobody is in a group and out of it, or of one that it is in.
    private static func checkAgreement(of named: [NamedGroup], _ graph: MembershipGraph) throws(AgentFailure) {
        for joined in named where joined.isJoining {
            for left in named where !left.isJoining && graph.way(from: joined.group, to: left.group) != nil {
                let isSame = joined.group == left.group
                throw AgentFailure(
                    .usage, "`--if \(joined.text)` and `--if \(left.text)` exclude each other",
                    hint: isSame
                        ? "both name the same group: leave out one of them"
                        : "whoever is in group `\(joined.name)` is in group `\(left.name)`, too: leave out one of them")
            }
        }
    }

    private mutating func add(
        _ name: String, _ group: GroupIndex, _ mirror: Mirror, _ graph: MembershipGraph, isJoining: Bool
    ) {
        if isJoining {
            let isIn = graph.isMember(place, of: group)
            joined.insert(group)
            words.append("in group `\(name)`\(isIn ? ", as they are already" : "")")
            return
        }
        let holders = graph.groups(of: place).filter { holder in
            mirror.directPeople(of: holder).contains(place) && graph.way(from: holder, to: group) != nil
        }
        left.formUnion(holders)
        let through = holders.filter { $0 != group }.map {
            "`\(String(decoding: mirror.groups[Int($0)].name, as: UTF8.self))`"
        }
        let note =
            holders.isEmpty
            ? ", as they are not" : through.isEmpty ? "" : ", and so not in \(through.joined(separator: ", ")) either"
        words.append("not in group `\(name)`\(note)")
    }

    func apply(to mirror: Mirror) -> Mirror { mirror.assuming(place, in: joined, notIn: left) }
}

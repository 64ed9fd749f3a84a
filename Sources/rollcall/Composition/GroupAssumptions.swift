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
        for text in texts {
            let bytes = text.utf8
            guard let sign = bytes.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"), bytes.count > 1 else {
                throw AgentFailure(
                    .usage, "`--if \(text)` does not say whether to be in the group or not",
                    hint: "write `--if +\(text)` or `--if -\(text)`")
            }
            let name = String(Substring(bytes.dropFirst()))
            try add(name, scene, isJoining: sign == UInt8(ascii: "+"))
        }
    }

    private mutating func add(_ name: String, _ scene: InquiryScene, isJoining: Bool) throws {
        let mirror = scene.mirror
        let group = try scene.group(name)
        let graph = MembershipGraph(mirror)
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

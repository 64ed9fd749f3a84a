import DirectoryModel

/// The first line of a snapshot.
struct SnapshotHead {
    var format = Snapshot.format
    var version = ""
    var run: Int64 = 0
    var time: Int64 = 0
    var isPseudonymous = false
    var directories: [String] = []
    var attributes: [String] = []
    var people = 0
    var groups = 0
}

/// The line of one person: the record field by field, in the order of the record.
struct SnapshotPerson {
    struct Field {
        var name = ""
        var value: [UInt8] = []
    }
    var id = ImmutableID.zero
    var directory: UInt8 = 0
    var state: UInt8 = 0
    var problems: UInt8 = 0
    var signIn: Int64?
    var fields: [Field] = []
}

/// The line of one group, its direct members as places of lines, from 0.
struct SnapshotGroup {
    var id = ImmutableID.zero
    var directory: UInt8 = 0
    var name: [UInt8] = []
    var dn: [UInt8] = []
    var unresolved: UInt32 = 0
    var people: [UInt32] = []
    var groups: [UInt32] = []
}

/// One description of each line for both directions.
extension PlanCoder {
    mutating func code(_ head: inout SnapshotHead) throws(PlanFault) {
        try begin(.object)
        try key("format")
        try code(&head.format)
        guard head.format == Snapshot.format else { throw fault }
        try key("version")
        try code(&head.version)
        try key("run")
        try code(&head.run)
        try key("time")
        try code(&head.time)
        try key("pseudonyms")
        try code(&head.isPseudonymous)
        try key("directories")
        try code(&head.directories)
        try key("attributes")
        try code(&head.attributes)
        try key("people")
        try code(&head.people)
        try key("groups")
        try code(&head.groups)
        try end(.object)
    }

    mutating func code(_ person: inout SnapshotPerson) throws(PlanFault) {
        try begin(.object)
        try key("person")
        try code(&person.id)
        try key("directory")
        try integer(&person.directory)
        try key("state")
        try integer(&person.state)
        try key("problems")
        try integer(&person.problems)
        try key("sign_in")
        try code(&person.signIn)
        try key("fields")
        try list(&person.fields, empty: SnapshotPerson.Field()) { (coder, field) throws(PlanFault) in
            try coder.begin(.list)
            try coder.code(&field.name)
            try coder.bytes(&field.value)
            try coder.end(.list)
        }
        try end(.object)
    }

    mutating func code(_ group: inout SnapshotGroup) throws(PlanFault) {
        try begin(.object)
        try key("group")
        try code(&group.id)
        try key("directory")
        try integer(&group.directory)
        try key("name")
        try bytes(&group.name)
        try key("dn")
        try bytes(&group.dn)
        try key("unresolved")
        try integer(&group.unresolved)
        try key("people")
        try places(&group.people)
        try key("groups")
        try places(&group.groups)
        try end(.object)
    }

    private mutating func places(_ places: inout [UInt32]) throws(PlanFault) {
        try list(&places, empty: 0) { (coder, place) throws(PlanFault) in try coder.integer(&place) }
    }
}

import DirectoryModel
import Reconciliation

/// What the writers of one plan share: numbers of target, directories, people, accesses and texts.
final class PlanContext {
    let connection: OpaquePointer
    let plan: TargetPlan
    let run: Int64
    /// When the run started, seconds since 1970.
    let started: Int64
    let target: Int64
    let directories: DirectoryNumbers
    let persons: PersonNumbers
    let texts: TextNumbers
    let accesses: AccessNumbers
    let groupSets: GroupSetNumbers
    /// For each subject the person's number.
    private(set) var people: [UInt32] = []
    /// Numbers of the plan's reasons; 0 until needed.
    private var reasons: [Int64]
    /// Numbers of the plan's directories.
    private let directoryNumbers: [Int64]

    private let shared: RunWriter

    init(_ shared: RunWriter, _ plan: TargetPlan) throws {
        self.shared = shared
        connection = shared.connection
        self.plan = plan
        run = shared.run.record.number
        started = shared.run.record.started
        directories = shared.directories
        persons = shared.persons
        texts = shared.texts
        target = try TargetNumbers.number(of: plan.target, connection)
        accesses = try AccessNumbers(connection, plan, target: target)
        groupSets = try GroupSetNumbers(connection, plan.groupSets, directories)
        reasons = Array(repeating: 0, count: plan.reasons.count)
        directoryNumbers = try plan.directories.map { try shared.directories.number(of: $0) }
        people = try numberPeople(shared)
    }

    /// The number of a directory by its place in the plan; one without a name for people of no directory.
    func directory(_ place: UInt8) throws -> Int64 {
        Int(place) < directoryNumbers.count ? directoryNumbers[Int(place)] : try directories.number(of: "")
    }

    /// The email of somebody in the mirror that the run has read; nil where there is none.
    func email(ofPerson number: UInt32) -> ArraySlice<UInt8>? { shared.email(ofPerson: number) }

    func reason(_ place: UInt32) throws -> Int64? {
        guard Int(place) < reasons.count else { return nil }
        if reasons[Int(place)] == 0 {
            reasons[Int(place)] = try texts.number(of: ReasonText.text(plan.reasons[Int(place)]))
        }
        return reasons[Int(place)]
    }

    /// Takes the number from the mirror where the subject's place there holds the same id; otherwise looks it up.
    private func numberPeople(_ shared: RunWriter) throws -> [UInt32] {
        var numbers: [UInt32] = []
        numbers.reserveCapacity(plan.subjects.count)
        for subject in plan.subjects {
            if let place = subject.person, let mirror = shared.run.mirror, Int(place) < mirror.people.count,
                Int(place) < shared.mirrorNumbers.count, mirror.people[Int(place)].id == subject.id
            {
                numbers.append(shared.mirrorNumbers[Int(place)])
            } else {
                numbers.append(try persons.number(directory: try directory(subject.directory), id: subject.id))
            }
        }
        return numbers
    }
}

/// The numbers of targets by name.
enum TargetNumbers {
    static func number(of name: String, _ connection: OpaquePointer) throws -> Int64 {
        if let known = try known(name, connection) { return known }
        let insert = try SQLStatement(connection, "INSERT INTO targets (name) VALUES (?)")
        insert.bind(1, text: name)
        try insert.run()
        return try integer(connection, "SELECT last_insert_rowid()") ?? 0
    }

    /// Looked up in the table itself, which is digested: a damaged index must not make a known target a new one.
    static func known(_ name: String, _ connection: OpaquePointer) throws -> Int64? {
        let find = try SQLStatement(connection, "SELECT target FROM targets NOT INDEXED WHERE name = ?")
        find.bind(1, text: name)
        defer { find.reset() }
        return try find.step() ? find.integer(0) : nil
    }
}

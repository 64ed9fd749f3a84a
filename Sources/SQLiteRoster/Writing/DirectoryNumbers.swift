/// The numbers of directories by name, both ways; a new name gets the next.
final class DirectoryNumbers {
    private var numbers: [String: Int64] = [:]
    private var names: [Int64: String] = [:]
    private let connection: OpaquePointer

    init(_ connection: OpaquePointer) throws {
        self.connection = connection
        let rows = try SQLStatement(connection, "SELECT directory, name FROM directories NOT INDEXED")
        try rows.forEach { add(rows.integer(0), rows.text(1)) }
    }

    func number(of name: String) throws -> Int64 {
        if let number = numbers[name] { return number }
        let insert = try SQLStatement(connection, "INSERT INTO directories (name) VALUES (?)")
        insert.bind(1, text: name)
        try insert.run()
        let number = try integer(connection, "SELECT last_insert_rowid()") ?? 0
        add(number, name)
        return number
    }

    /// The number of a directory that is known already.
    func known(_ name: String) -> Int64? { numbers[name] }

    func name(of number: Int64) -> String { names[number] ?? "" }

    var all: [(number: Int64, name: String)] {
        names.map { (number: $0.key, name: $0.value) }.sorted { $0.number < $1.number }
    }

    private func add(_ number: Int64, _ name: String) {
        numbers[name] = number
        names[number] = name
    }
}

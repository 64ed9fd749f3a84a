internal import DirectoryModel

/// Where a reading by `uSNChanged` stands: the database that counts, and the last number seen of it.
///
/// The numbers are one database's own: after the controller was restored or replaced, or at another one, they mean nothing.
struct UpdateSequence: Equatable {
    var database: ImmutableID
    var number: Int64

    init(database: ImmutableID, number: Int64) {
        self.database = database
        self.number = number
    }

    /// `database number`, as `bytes` writes it.
    init?(_ bytes: [UInt8]) {
        let parts = bytes.split(separator: UInt8(ascii: " "))
        guard parts.count == 2, let database = ImmutableID(text: parts[0]), let number = WireNumber.signed(parts[1]),
            number > 0
        else { return nil }
        self.init(database: database, number: number)
    }

    var bytes: [UInt8] { Array("\(database) \(number)".utf8) }

    /// Changes in flight get their number before they can be read: so many numbers are read again.
    static let overlap: Int64 = 1_000

    /// From which number on to read, given where the server stands now; throws where only a full pull can tell.
    func start(now: UpdateSequence) throws(ChangeDoubt) -> Int64 {
        guard now.database == database else {
            throw ChangeDoubt(text: "the domain controller is another, or was restored, since the last run")
        }
        guard now.number >= number else {
            throw ChangeDoubt(text: "the domain controller counts fewer changes than in the last run: it was restored")
        }
        return max(1, number - UpdateSequence.overlap)
    }
}

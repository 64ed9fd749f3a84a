import Diagnostics
import DirectoryModel
import Glibc
import MappingLanguage
import Testing

@testable import SyncAgent

/// A snapshot is the mirror as a file: read as it was written or not at all, and with pseudonyms it names nobody.
struct SnapshotTests {
    /// What a person is called in these tests, in capitals and small letters.
    private static let surnames = ["Lovelace", "Hopper", "Turing", "Noether", "Curie", "Müller"]

    /// Six people with names of their own, with groups, one of them called like a person, and titles.
    private static func mirror() throws -> Mirror {
        var builder = MirrorBuilder(
            directory: "corp", attributes: ["employeenumber", "manager", "title"], key: DNHashKey(first: 1, second: 2))
        for (place, surname) in surnames.enumerated() {
            let login = "u\(surname.lowercased())"
            let values: [(UInt8, String)] = [
                (PersonField.login.tag, login), (PersonField.email.tag, "\(surname).x@example.org"),
                (PersonField.alias.tag, "\(login)@private-\(place).example"), (PersonField.name.tag, "Ada \(surname)"),
                (PersonField.attribute(0).tag, "E-77\(place)"),
                (PersonField.attribute(1).tag, place == 0 ? "Ada Hopper" : "nobody"),
                (PersonField.attribute(2).tag, place == 0 ? "Chief Curie" : place == 1 ? "On-Call Lead" : "Engineer"),
            ]
            add("uid=\(login),ou=people,o=x", place, values, to: &builder)
        }
        group("staff", number: 100, members: surnames.map { "uid=u\($0.lowercased()),ou=people,o=x" }, to: &builder)
        group("uhopper", number: 101, members: ["uid=uhopper,ou=people,o=x"], to: &builder)
        group("ucurie", number: 102, members: [], to: &builder)
        return try builder.finish()
    }

    private static func add(
        _ dn: String, _ number: Int, _ values: [(UInt8, String)], to builder: inout MirrorBuilder
    ) {
        var draft = PersonDraft()
        let bytes = ([dn] + values.map(\.1)).map { Array($0.utf8) }
        let all = bytes.flatMap { $0 }
        all.withUnsafeBytes { all in
            var offset = bytes[0].count
            draft.start(dn: UnsafeRawBufferPointer(rebasing: all[..<offset]))
            let id = Array(SmallCompany.id("p\(number)").utf8)
            id.withUnsafeBytes { draft.setID($0) }
            for (value, text) in zip(values, bytes.dropFirst()) {
                let slice = UnsafeRawBufferPointer(rebasing: all[offset..<(offset + text.count)])
                if value.0 < PersonField.name.tag {
                    draft.addIdentifying(value.0, slice)
                } else {
                    draft.add(value.0, slice)
                }
                offset += text.count
            }
            builder.add(&draft)
        }
    }

    private static func group(_ name: String, number: Int, members: [String], to builder: inout MirrorBuilder) {
        let dn = Array("cn=\(name),ou=groups,o=x".utf8)
        let id = ImmutableID(text: SmallCompany.id("p\(number)"))
        _ = dn.withUnsafeBytes { dn in
            Array(name.utf8).withUnsafeBytes { builder.startGroup(dn: dn, id: id, name: $0) }
        }
        for member in members { Array(member.utf8).withUnsafeBytes { builder.addMember(dn: $0) } }
    }

    private static func bytes(_ snapshot: Snapshot) -> [UInt8] {
        var bytes: [UInt8] = []
        var writer = SnapshotWriter(snapshot)
        writer.write { bytes += $0 }
        return bytes
    }

    private static func snapshot(_ mirror: Mirror) -> Snapshot {
        Snapshot(mirror: mirror, run: 12, time: 1_800_000_000, version: "1", isPseudonymous: false)
    }

    private static func expectSame(_ left: Mirror, _ right: Mirror) {
        #expect(left.people == right.people)
        #expect(left.groups == right.groups)
        #expect(left.arena == right.arena)
        #expect(left.memberPeople == right.memberPeople)
        #expect(left.memberPeopleStart == right.memberPeopleStart)
        #expect(left.memberGroups == right.memberGroups)
        #expect(left.memberGroupsStart == right.memberGroupsStart)
        #expect(left.directories == right.directories)
        #expect(left.attributes == right.attributes)
    }

    @Test func whatIsWrittenIsReadBack() throws {
        let mirror = try Self.mirror()
        let read = try SnapshotReader.snapshot(Self.bytes(Self.snapshot(mirror)), path: "s")
        Self.expectSame(read.mirror, mirror)
        #expect(read.mirror.isIntact)
        #expect(read.run == 12)
        #expect(read.time == 1_800_000_000)
        #expect(!read.isPseudonymous)
    }

    /// Every byte counts: whichever is another one, the file is refused.
    @Test func aByteThatIsAnotherIsFound() throws {
        let bytes = Self.bytes(Self.snapshot(try Self.mirror()))
        for place in bytes.indices {
            var damaged = bytes
            damaged[place] ^= 0x01
            #expect(throws: AgentFailure.self) { _ = try SnapshotReader.snapshot(damaged, path: "s") }
        }
    }

    /// Wherever the file ends too early, it is refused.
    @Test func aFileThatIsCutOffIsFound() throws {
        let bytes = Self.bytes(Self.snapshot(try Self.mirror()))
        for count in 0..<bytes.count {
            #expect(throws: AgentFailure.self) {
                _ = try SnapshotReader.snapshot(Array(bytes[..<count]), path: "s")
            }
        }
    }

    @Test func damageHasItsPlaceAndShowsNobody() throws {
        var lines = Self.bytes(Self.snapshot(try Self.mirror())).split(
            separator: 0x0A, omittingEmptySubsequences: false)
        lines[3] = ArraySlice(Array(lines[3]).dropLast(5))
        do {
            _ = try SnapshotReader.snapshot(Array(lines.joined(separator: [0x0A])), path: "people.snapshot")
            Issue.record("a damaged file was read")
        } catch {
            let text = error.diagnostics.text
            #expect(text.hasPrefix("people.snapshot:4:"))
            #expect(text.contains("[snapshot.damaged]"))
            for surname in Self.surnames { #expect(!text.lowercased().contains(surname.lowercased())) }
            #expect(error.status == .badData)
        }
    }

    @Test(arguments: [
        ("", "is not a snapshot"), ("rules: []", "is not a snapshot"),
        ("{\"format\":\"rollcall.snapshot/2\"}", "is a snapshot of format 2"),
    ]) func whatIsNoSnapshotIsSaidSo(text: String, words: String) {
        do {
            _ = try SnapshotReader.snapshot(Array(text.utf8), path: "s")
            Issue.record("it was read")
        } catch {
            #expect(error.message.contains(words))
        }
    }

    // Pseudonyms.

    private static func pseudonymous(_ key: UInt64 = 3) throws -> (mirror: Mirror, bytes: [UInt8], domains: [String]) {
        let test = AttributeTest(
            name: "title", operator: .matches(GlobPattern("*on-call*")), position: .init(file: "m", line: 1, column: 1))
        var kept = SnapshotPseudonyms.Kept(domains: ["example.org"], tests: [test])
        kept.groups = []
        var pseudonyms = SnapshotPseudonyms(try mirror(), keeping: kept, key: DNHashKey(first: key, second: 4))
        let mirror = pseudonyms.mirror()
        var snapshot = snapshot(mirror)
        snapshot.isPseudonymous = true
        #expect(pseudonyms.groupsRenamed == 2)
        return (mirror, bytes(snapshot), pseudonyms.domainsKept)
    }

    @Test func nothingNamesAnybody() throws {
        let (_, bytes, domains) = try Self.pseudonymous()
        let text = String(decoding: bytes, as: UTF8.self).lowercased()
        for surname in Self.surnames {
            #expect(!text.contains(surname.lowercased()), "\(surname)")
            #expect(!text.contains("u\(surname.lowercased())"))
        }
        for word in ["private-", "e-77", "chief", "00000000-0000-4000-8000-00000000000"] {
            #expect(!text.contains(word), "\(word)")
        }
        #expect(domains == ["example.org"])
        #expect(text.contains("@example.org"))
        #expect(text.contains("\"on-call lead\""))
        #expect(text.contains("\"engineer\"") == false, "four people are not many")
        #expect(text.contains("\"staff\""))
        #expect(text.contains(",ou=people,o=x"))
        #expect(try SnapshotReader.snapshot(bytes, path: "s").isPseudonymous)
    }

    @Test func whoIsInWhichGroupStays() throws {
        let (mirror, _, _) = try Self.pseudonymous()
        #expect(mirror.people.count == 6)
        #expect(zip(mirror.people, mirror.people.dropFirst()).allSatisfy { $0.id < $1.id })
        #expect(
            mirror.groups.map { mirror.groups.firstIndex(of: $0).map { mirror.directPeople(of: UInt32($0)).count } }
                == [6, 1, 0])
        #expect(mirror.isIntact)
        // The one who is on call is still in the group that was called like her.
        let hopper = mirror.directPeople(of: 1).first.map { mirror.record($0) }
        #expect(hopper?.text(.attribute(2)) == "On-Call Lead")
    }

    @Test func pseudonymsStandForTheSameInOneSnapshotAndForNothingInTheNext() throws {
        let emails = { (mirror: Mirror) in
            Set(mirror.people.indices.compactMap { mirror.record(UInt32($0)).text(.email) })
        }
        let (one, again, other) = (try Self.pseudonymous(3), try Self.pseudonymous(3), try Self.pseudonymous(5))
        #expect(one.bytes == again.bytes)
        #expect(emails(one.mirror).isDisjoint(with: emails(other.mirror)))
        #expect(emails(one.mirror).count == 6)
    }

    // Files.

    @Test func aSnapshotIsForItsOwnerAndReplacesNothingButASnapshot() throws {
        let company = try SmallCompany()
        try company.sync()
        let path = company.directory.path("people.snapshot")
        let written = try company.agent().writeSnapshot(to: path, pseudonyms: false)
        #expect(written.people == 20)
        #expect(written.run == 1)
        var status = stat()
        #expect(stat(path, &status) == 0)
        #expect(status.st_mode & 0o777 == 0o600)
        _ = try company.agent().writeSnapshot(to: path, pseudonyms: true)
        #expect(try SnapshotReader.read(path).isPseudonymous)
        #expect(throws: AgentFailure.self) {
            _ = try company.agent().writeSnapshot(to: company.directory.path("mapping.yaml"), pseudonyms: false)
        }
        let text = try String(decoding: InputFile.bytes(path), as: UTF8.self)
        for name in company.people { #expect(!text.contains("\"\(name)")) }
    }

    @Test func withoutARosterThereIsNothingToWrite() throws {
        let company = try SmallCompany()
        do {
            _ = try company.agent().writeSnapshot(to: company.directory.path("s"), pseudonyms: false)
            Issue.record("it was written")
        } catch {
            #expect((error as? AgentFailure)?.status == .missingFile)
        }
    }
}

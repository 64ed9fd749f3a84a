import DirectoryModel
import Testing

struct OptionalUIDTests {
    @Test(arguments: [
        ("cn=a,dc=x#'0101'B", "cn=a,dc=x"),
        ("cn=a,dc=x#''B", "cn=a,dc=x"),
        ("cn=a,dc=x", "cn=a,dc=x"),
        ("cn=a#1", "cn=a#1"),
        ("cn=a\\#'0101'B", "cn=a\\#'0101'B"),
        ("cn=a#'0121'B", "cn=a#'0121'B"),
        ("'0101'B", "'0101'B"),
        ("", ""),
    ])
    func bitStringAfterTheNameIsCutOff(value: String, name: String) {
        let bytes = Array(value.utf8)
        let length = bytes.withUnsafeBytes { OptionalUID.nameLength($0) }
        #expect(bytes[..<length] == Array(name.utf8)[...])
    }
}

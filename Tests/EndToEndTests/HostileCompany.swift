import Foundation
import TestSupport

/// A company whose people, groups, logins, emails, DNs and rules carry every hostile name.
///
/// Everybody of a name is in the group of that name, and rules of six names each give something to their groups; one person has all names
/// in one, and is in every group. Behind them stand people whose logins and emails are the names, and entries without an id.
enum HostileCompany {
    static let names = HostileNames.all
    /// Whom the reports about one person are made of: the immutable id of the person of all names.
    static let everybody = SampleCompany.id(everybodyNumber)
    private static let everybodyNumber = 9_000

    /// Seats of the platform, fewer than people who get one: the others wait.
    static let seats = 100
    /// Whom the directory calls disabled on the second night, all of them with a seat.
    static let disabled = (0..<seats - 10).filter { $0 % 30 == 3 }

    /// The directory on the first night, or on the second: then some have another name, some are disabled, and some left their group.
    static func directory(isSecondNight: Bool = false) -> [UInt8] {
        let all = person(names.joined(separator: " "), login: "everybody", number: everybodyNumber)
        var text = SampleCompany.frame + entry(all)
        for (place, name) in names.enumerated() {
            let shown = isSecondNight && place % 10 == 4 ? names[(place + 1) % names.count] : name
            let state = isSecondNight && disabled.contains(place) ? [("employeeType", "disabled")] : []
            text += entry(person(shown, login: "p\(place)", number: 1_000 + place) + state)
            text += entry(
                [("dn", "employeeNumber=\(place),ou=people,dc=example,dc=org")]
                    + properties(name, login: name, mail: name + "@example.org", number: 2_000 + place))
            text += entry(person(name, login: "n\(place)", number: nil))
        }
        for (place, name) in names.enumerated() {
            let member = isSecondNight && place % 30 == 7 ? [] : [("member", dn(name, login: "p\(place)"))]
            text += entry(
                [
                    ("dn", "cn=\(escaped(name))+ou=g\(place),ou=groups,dc=example,dc=org"),
                    ("objectClass", "groupOfNames"), ("cn", name), ("entryUUID", group(place)),
                    ("member", all[0].value), ("member", "employeeNumber=\(place),ou=people,dc=example,dc=org"),
                ] + member)
        }
        return Array(text.utf8)
    }

    /// Rules for the groups of all names, or of all but the first so many.
    static func mapping(from first: Int = 0) -> [UInt8] {
        var text = "version: 1\nplatform: vivi\nrules:\n"
        for start in stride(from: first, to: names.count, by: 6) {
            let places = start..<min(start + 6, names.count)
            let groups = places.map { "{group: {id: \(group($0))}}" }
            text += "  - name: \(quoted(names[places].joined(separator: " ")))\n"
            text += "    when: {any: [\(groups.joined(separator: ", "))]}\n"
            text += "    give: {workspace: support, role: \(start % 4 == 0 ? "agent-manager" : "chat-user")}\n"
        }
        return Array(text.utf8)
    }

    /// The immutable id of the group of a name.
    static func group(_ place: Int) -> String { SampleCompany.id(4_000 + place) }

    /// A list of the platform's users whose accounts and names are hostile; with `emails` those are, too, and few of them are emails.
    static func list(emails: Bool) -> [UInt8] {
        var text = "account,email,name,role\n"
        for (place, name) in names.enumerated() {
            let account = cell("\(name) \(place)")
            text += "\(account),\(emails ? cell(name) : "u\(place)@example.org"),\(cell(name)),chat-user\n"
        }
        return Array(text.utf8)
    }

    private typealias Property = (type: String, value: String)

    private static func person(_ name: String, login: String, number: Int?) -> [Property] {
        [("dn", dn(name, login: login))]
            + properties(name, login: login, mail: "\(login)@example.org", number: number)
    }

    private static func properties(_ name: String, login: String, mail: String, number: Int?) -> [Property] {
        let id = number.map { [("entryUUID", SampleCompany.id($0))] } ?? []
        return [("objectClass", "inetOrgPerson"), ("uid", login), ("cn", name), ("sn", name), ("mail", mail)] + id
    }

    private static func dn(_ name: String, login: String) -> String {
        "cn=\(escaped(name))+uid=\(login),ou=people,dc=example,dc=org"
    }

    /// An entry of LDIF, with its values in base64.
    private static func entry(_ properties: [Property]) -> String {
        properties.map { LDIFLine.encoded($0.type, $0.value) + "\n" }.joined() + "\n"
    }

    /// A value in a DN with no more written as hexadecimal digits than has to be (RFC 4514): what is hostile stays so.
    private static func escaped(_ value: String) -> String {
        let bytes = Array(value.utf8)
        var escaped: [UInt8] = []
        for (place, byte) in bytes.enumerated() {
            let isAtAnEnd = place == 0 || place == bytes.count - 1
            if byte == 0 || "\"+,;<=>\\".utf8.contains(byte) || isAtAnEnd && " #".utf8.contains(byte) {
                let digits = String(byte, radix: 16)
                escaped += Array("\\\(digits.utf8.count == 1 ? "0" : "")\(digits)".utf8)
            } else {
                escaped.append(byte)
            }
        }
        return String(decoding: escaped, as: UTF8.self)
    }

    private static func cell(_ text: String) -> String { "\"\(text.replacing("\"", with: "\"\""))\"" }

    /// A text in YAML with everything but letters and digits as an escape sequence, and without what no file of Rollcall may hold.
    private static func quoted(_ text: String) -> String {
        let scalars = text.unicodeScalars.filter(isReadable).map { scalar -> String in
            if ("0"..."9").contains(scalar) || ("a"..."z").contains(scalar) { return String(scalar) }
            let digits = String(scalar.value, radix: 16)
            return "\\U\(String(repeating: "0", count: 8 - digits.utf8.count))\(digits)"
        }
        return "\"\(scalars.joined())\""
    }

    private static func isReadable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "\t", "\n", "\r": true
        case "\u{FEFF}", "\u{2028}", "\u{2029}", "\u{FFFE}": false
        default: scalar.properties.generalCategory != .control
        }
    }
}

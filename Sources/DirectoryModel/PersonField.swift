/// What a person's record holds, in this order.
///
/// A field may occur several times (emails, values of one attribute); values of one field stand sorted bytewise.
package enum PersonField: Sendable, Hashable {
    case dn
    case login
    case email
    case alias
    case name
    /// When the account ends: seconds since 1970 in 8 bytes, the highest first; absent for never.
    case expires
    /// A trusted attribute, by its place in `Mirror.attributes`.
    case attribute(UInt8)

    /// The byte that stands for the field in a record.
    package var tag: UInt8 {
        switch self {
        case .dn: 1
        case .login: 2
        case .email: 3
        case .alias: 4
        case .name: 5
        case .expires: 6
        case .attribute(let index): 16 &+ index
        }
    }
}

/// Why the roster could not be opened, read or written: facts, one sentence and what to do.
package struct RosterError: Error, Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
        /// There is no roster at the path.
        case missing
        /// Another program holds the file locked.
        case locked
        /// The file is not what a roster is made of any more, or is cut short.
        case damaged
        /// Somebody else than this program wrote it since the last run.
        case edited
        /// The file belongs to another program.
        case foreign
        /// A newer Rollcall wrote it.
        case newer
        /// Owner, mode or kind of the file are not those of a roster.
        case unsafe
        /// The disk is full, read-only, or the file may not be written.
        case cannotWrite
        /// Something this program did wrong.
        case fault
    }
    package var kind: Kind
    /// One sentence, lower-case, no final period.
    package var message: String
    /// What to do about it.
    package var hint: String

    package init(kind: Kind, message: String, hint: String) {
        self.kind = kind
        self.message = message
        self.hint = hint
    }

    /// The exit code of a command that ends with this error (sysexits).
    package var exitStatus: Int {
        switch kind {
        case .missing: 66
        case .locked, .cannotWrite, .unsafe: 73
        case .damaged, .edited, .foreign, .newer: 74
        case .fault: 70
        }
    }
}

extension RosterError: CustomStringConvertible {
    package var description: String { "\(message)\nhint: \(hint)" }
}

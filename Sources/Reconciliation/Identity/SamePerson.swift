/// How people of several directories are recognized as one human: by a trusted attribute that is the same in all of them.
package struct SamePerson: Sendable, Equatable {
    /// Lower-case name of the attribute.
    package var attribute: String
    /// The attribute as the configuration writes it.
    package var name: String
    /// Names of the directories it is about; the identity in the one that stands first is the person's.
    package var prefer: [String]

    package init(by name: String, prefer: [String]) {
        attribute = name.lowercased()
        self.name = name
        self.prefer = prefer
    }
}

/// Somebody of the roster who is known by the identity of another directory from now on.
package struct IdentityMove: Sendable, Hashable {
    package var from: PersonKey
    package var to: PersonKey

    package init(from: PersonKey, to: PersonKey) {
        self.from = from
        self.to = to
    }
}

extension IDChange {
    /// The change of identity as the roster writes it.
    package init(_ move: IdentityMove) {
        self.init(
            directory: move.from.directory, old: move.from.id, new: move.to.id, newDirectory: move.to.directory)
    }
}

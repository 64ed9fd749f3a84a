/// The tables by which a directory is followed: where reading its changes goes on, and the names that changes are told by.
///
/// Names are hashes with the directory's key (`MirrorIndex`). Of people and groups the tables hold 31 bits with the number, in one integer
/// as `hash << 32 | number`: whoever is found by them is compared by the whole hash, made of the record. So a person costs two integers, and
/// nothing but the DN and the login that the record holds anyway has to be kept.
///
/// `loose_members` holds the names of members that memberships do not tell, 16 bytes of hash and one of kind; `loose_groups` finds their
/// groups. `mirror_groups.loose` is a digest of a group's loose members, so that a full pull needs to look at those of other groups only.
enum FollowingTables {
    static let statements = [
        """
        CREATE TABLE followed (
          directory INTEGER PRIMARY KEY REFERENCES directories,
          key_first INTEGER NOT NULL,
          key_second INTEGER NOT NULL,
          named INTEGER NOT NULL CHECK (named IN (0, 1)),
          position BLOB
        ) STRICT
        """,
        """
        CREATE TABLE person_names (
          pair INTEGER PRIMARY KEY
        ) STRICT
        """,
        """
        CREATE TABLE group_names (
          pair INTEGER PRIMARY KEY
        ) STRICT
        """,
        """
        CREATE TABLE loose_members (
          grp INTEGER NOT NULL,
          name BLOB NOT NULL CHECK (length(name) = 17),
          count INTEGER NOT NULL CHECK (count > 0),
          PRIMARY KEY (grp, name)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE loose_groups (
          pair INTEGER PRIMARY KEY
        ) STRICT
        """,
    ]
}

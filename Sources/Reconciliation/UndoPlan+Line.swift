import AccessModel
import DirectoryModel

extension UndoWriting {
    /// Places in line that stay as they are now, there or not.
    ///
    /// They are those of people who are left as they are, of people who have by then what they waited for, and those that are
    /// of another role since.
    mutating func placesLeft(_ images: RunImages) -> Set<RunImages.PlaceKey> {
        let keys = images.placesTaken.map(\.key) + images.placesGiven
        var left = Set(keys.filter { leftAsIs.contains($0.person) })
        let now = Dictionary(roster.waiting.map { ($0.key, $0.role) }, uniquingKeysWith: { first, _ in first })
        var states: [PersonKey: UserState] = [:]
        let people = Set(images.placesTaken.map(\.person))
        for place in roster.users.indices where people.contains(roster.key(of: place)) {
            states[roster.key(of: place)] = roster.state(of: place)
        }
        for undo in undos { states[roster.key(of: undo.place)] = undo.wanted }
        for place in images.placesTaken {
            let isOther =
                images.placesChangedSince.contains(place.key) && now[place.key].map { $0 != place.role } ?? false
            if isOther || states[place.person].map({ holds(place, $0) }) == true { left.insert(place.key) }
        }
        return left
    }

    /// Whether somebody has what a place in line is for.
    private mutating func holds(_ place: PlaceInLine, _ state: UserState) -> Bool {
        guard state.status != .removed,
            state.access.roles.contains(where: { $0.scope == place.scope && $0.role == place.role })
        else { return false }
        return state.status != .suspended
            || pools(state).contains { settings.topology.pools[Int($0)].scope == place.scope }
    }
}

extension PlaceInLine {
    /// Whose place it is, and where.
    var key: RunImages.PlaceKey { RunImages.PlaceKey(person: person, scope: scope) }
}

extension Mirror {
    /// Brings the states of people whose accounts end at a given time up to date with the clock.
    ///
    /// No change in the directory tells of that moment, so everybody who was not read anew is judged again. Returns the places of
    /// those whose state changed.
    package mutating func judgeExpiry(at now: Int64) -> [PersonIndex] {
        var changed: [PersonIndex] = []
        for place in people.indices {
            let row = people[place]
            guard row.state == .enabled || row.state == .expired else { continue }
            let end = record(PersonIndex(place)).expires
            let state: PersonState = end <= now ? .expired : .enabled
            guard state != row.state else { continue }
            people[place].state = state
            people[place].contentHash = arena.withUnsafeBytes {
                ContentHash.of(
                    record: UnsafeRawBufferPointer(rebasing: $0[Int(row.start)..<(Int(row.start) + Int(row.length))]),
                    state: state, problems: row.problems, lastSignIn: row.lastSignIn)
            }
            changed.append(PersonIndex(place))
        }
        return changed
    }
}

extension PersonRecord {
    /// When the account ends, seconds since 1970; `Int64.max` for never.
    package var expires: Int64 {
        var end = Int64.max
        forEachField { tag, value in
            guard tag == PersonField.expires.tag, value.count == 8 else { return }
            end = Int64(bitPattern: value.reduce(0) { $0 << 8 | UInt64($1) })
        }
        return end
    }
}

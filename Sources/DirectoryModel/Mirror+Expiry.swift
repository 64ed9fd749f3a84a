extension Mirror {
    /// Brings the states of people whose accounts end at a given time up to date with the clock.
    ///
    /// No change in the directory tells of that moment, so everybody who was not read anew is judged again. Returns the places of
    /// those whose state changed.
    package mutating func judgeExpiry(at now: Int64) -> [PersonIndex] {
        var changed: [PersonIndex] = []
        for place in people.indices {
            guard let row = people[place].judged(record(PersonIndex(place)), at: now) else { continue }
            people[place].state = row.state
            people[place].contentHash = row.contentHash
            changed.append(PersonIndex(place))
        }
        return changed
    }
}

extension PersonRow {
    /// The row with another state, where the account has ended by this time and had not before, or the other way round; nil where nothing
    /// changes.
    ///
    /// `start` is 0: the record is whatever was handed in.
    package func judged(_ record: PersonRecord, at now: Int64) -> PersonRow? {
        guard state == .enabled || state == .expired else { return nil }
        var row = self
        row.state = record.expires <= now ? .expired : .enabled
        guard row.state != state else { return nil }
        row.start = 0
        row.contentHash = record.bytes.withUnsafeBytes {
            ContentHash.of(record: $0, state: row.state, problems: problems, lastSignIn: lastSignIn)
        }
        return row
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

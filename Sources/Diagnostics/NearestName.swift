/// Finds the name that somebody probably meant.
package enum NearestName {
    /// Longer names are not compared; nobody mistypes them by one letter.
    private static let longest = 64

    /// The candidate with the least edits, if there are few enough; the bytewise first of equals.
    ///
    /// Letter case (ASCII) and the choice between `-`, `_` and space cost nothing, two neighbors swapped count as one edit.
    ///
    /// Of names that are much alike, as emails of one company, fewer edits are enough: `most`.
    package static func of(_ name: String, in candidates: some Sequence<String>, most: Int = Int.max) -> String? {
        let typed = folded(name)
        guard !typed.isEmpty, typed.count <= longest else { return nil }
        var best: (distance: Int, name: String)?
        for candidate in candidates {
            let other = folded(candidate)
            guard other.count <= longest else { continue }
            let allowed = min(most, max(1, max(typed.count, other.count) / 3))
            guard abs(typed.count - other.count) <= allowed else { continue }
            let distance = edits(typed, other)
            guard distance <= allowed, distance < max(typed.count, other.count) else { continue }
            if let known = best {
                let earlier = candidate.utf8.lexicographicallyPrecedes(known.name.utf8)
                guard distance < known.distance || (distance == known.distance && earlier) else { continue }
            }
            best = (distance, candidate)
        }
        return best?.name
    }

    /// The hint for a name that is not known: the nearest one, or the list of all if it is short enough to read.
    package static func hint(for name: String, in candidates: some Collection<String>, called what: String) -> String? {
        if let nearest = of(name, in: candidates) { return "did you mean `\(nearest)`?" }
        guard !candidates.isEmpty, candidates.count <= 30 else { return nil }
        let names = candidates.map { "`\($0)`" }.joined(separator: ", ")
        return "\(what): \(names)"
    }

    /// The same where something has to be said: `otherwise` where no name is near and the list is too long, or empty.
    package static func hint(
        for name: String, in candidates: some Collection<String>, called what: String, otherwise: String
    ) -> String {
        hint(for: name, in: candidates, called: what) ?? otherwise
    }

    private static func folded(_ name: String) -> [UInt32] {
        name.unicodeScalars.prefix(longest + 1).map { scalar in
            switch scalar {
            case "A"..."Z": scalar.value + 32
            case "_", " ": 0x2D
            default: scalar.value
            }
        }
    }

    /// Optimal string alignment: insert, delete, replace, swap neighbors.
    private static func edits(_ left: [UInt32], _ right: [UInt32]) -> Int {
        var beforeLast = [Int](repeating: 0, count: right.count + 1)
        var last = Array(0...right.count)
        for row in 0..<left.count {
            var current = [row + 1]
            for column in 0..<right.count {
                let same = left[row] == right[column]
                var cost = min(last[column + 1] + 1, current[column] + 1, last[column] + (same ? 0 : 1))
                if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                    cost = min(cost, beforeLast[column - 1] + 1)
                }
                current.append(cost)
            }
            beforeLast = last
            last = current
        }
        return last[right.count]
    }
}

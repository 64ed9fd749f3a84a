/// How far what a platform told of sign-ins reaches: nobody counts as inactive by what it did not tell.
enum SignInFeed {
    /// The time up to which sign-ins are known after an import that brought `signIns`: the latest of them, never in the future,
    /// and never before what was known already.
    ///
    /// Nil where it brought none: a list without sign-ins, or one exported long ago, says nothing about the time since.
    static func time(of signIns: [Int64], before: Int64?, now: Int64) -> Int64? {
        guard let latest = signIns.filter({ $0 <= now }).max() else { return nil }
        return min(max(latest, before ?? latest), now)
    }
}

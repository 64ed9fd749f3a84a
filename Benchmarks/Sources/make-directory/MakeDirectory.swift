import Glibc

/// Writes the directory W(N) of the benchmarks as LDIF to standard output.
///
///     make-directory 100000 [seed] > directory.ldif
@main
struct MakeDirectory {
    static func main() {
        let words = CommandLine.arguments.dropFirst()
        guard let first = words.first, let people = Int(first), (20...50_000_000).contains(people), words.count <= 2
        else {
            fail("usage: make-directory PEOPLE [SEED] > directory.ldif      (20 to 50,000,000 people)")
        }
        let seed = words.dropFirst().first.flatMap { UInt64($0) } ?? 1
        var output = LDIFOutput()
        let census = Workload(people: people, seed: seed).write(to: &output)
        output.flush()
        let summary =
            "\(census.people) people, \(census.groups) groups, \(census.memberships) memberships of people, "
            + "\(census.nested) of groups, \(census.disabled) disabled, \(census.withoutMail) without mail\n"
        say(summary)
    }
}

/// Writes to standard error.
func say(_ text: String) {
    let bytes = Array(text.utf8)
    _ = bytes.withUnsafeBytes { Glibc.write(2, $0.baseAddress, $0.count) }
}

/// Says why, and leaves as after wrong usage.
func fail(_ message: String) -> Never {
    say(message + "\n")
    exit(64)
}

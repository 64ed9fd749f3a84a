import TestSupport

/// The sample company as two nights see it.
enum Company {
    /// `count` people in the group `support`, every tenth of them in `leads`, which stands in `support` as well.
    static func firstNight(_ count: Int) -> String {
        SampleCompany.frame + SampleCompany.people(count) + groups(count, leads: 10)
    }

    /// A fifth more people, one in a hundred disabled, the first two gone, twice as many leads.
    static func secondNight(_ count: Int) -> String {
        let all = count + count / 5
        let people = (2..<all).map { number in
            let isDisabled = number < count && number % 100 == 3
            return SampleCompany.person(
                "p\(number)", number: 1_000 + number, more: isDisabled ? ["employeeType: disabled"] : [])
        }
        return SampleCompany.frame + people.joined() + groups(all, leads: 5)
    }

    private static func groups(_ count: Int, leads: Int) -> String {
        let support = (2..<count).map { SampleCompany.personDN("p\($0)") }
        let chosen = (2..<count).filter { $0 % leads == 0 }.map { SampleCompany.personDN("p\($0)") }
        return SampleCompany.group("support", number: 1, members: support + [SampleCompany.groupDN("leads")])
            + SampleCompany.group("leads", number: 2, members: chosen + [SampleCompany.personDN("p0")])
    }
}

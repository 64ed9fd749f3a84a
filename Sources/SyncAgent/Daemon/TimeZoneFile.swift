/// The time zone database of this machine.
enum TimeZoneFile {
    /// Where distributions keep it.
    static let directory = "/usr/share/zoneinfo"

    /// The rules of a zone by its name; throws when the machine does not know it.
    static func rules(_ name: String) throws(AgentFailure) -> TimeZoneRules {
        if name == "UTC" { return .utc }
        let path = FilePath.joined(directory, name)
        guard CronText.isTimeZone(name), let bytes = try? InputFile.bytes(path), let rules = TimeZoneRules(file: bytes)
        else {
            throw AgentFailure(
                .badConfiguration, "this machine knows no time zone `\(name)`",
                hint: "write `schedule.timezone` as in `timedatectl list-timezones`, or install the package `tzdata`")
        }
        return rules
    }
}

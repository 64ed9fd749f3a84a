/// The version of Rollcall, as `--version`, reports and run records have it.
enum Version {
    static let text = "0.1.0"
}

import ArgumentParser

@main
struct Rollcall: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollcall", abstract: "Keeps people, roles and seats of a platform in step with the directory.",
        version: "0.1.0")
}

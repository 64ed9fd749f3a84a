import Diagnostics
import MappingLanguage

extension Agent {
    /// The commented files of a new installation; the platform's own file goes beside them.
    package static func starterFiles(_ answers: StarterAnswers) -> [StarterFile] {
        [
            StarterFile(path: "rollcall.yaml", content: StarterText(answers).configuration),
            StarterFile(path: "mappings/\(answers.platform).yaml", content: StarterText(answers).mapping),
            StarterFile(path: "schema/rollcall.schema.json", content: JSONSchema.render(AgentGrammar.grammar)),
            StarterFile(path: "schema/mapping.schema.json", content: JSONSchema.render(MappingGrammar.mapping)),
        ]
    }
}

/// The words of a starter configuration.
private struct StarterText {
    let answers: StarterAnswers

    init(_ answers: StarterAnswers) { self.answers = answers }

    var configuration: String {
        """
        # yaml-language-server: $schema=schema/rollcall.schema.json
        # What rollcall reads and keeps in step. `rollcall check` tells what is wrong with it, `rollcall config` shows every setting.
        version: 1
        state: \(quoted(answers.state))    # the roster, reports and the lock; only for the user who runs rollcall

        directories:
        \(directory)
        defaults:
          mode: observe    # plans and reports, but writes nothing to users; `manage` once the plan is what you want

        targets:
          - name: \(answers.target)
            platform: platforms/\(answers.platform).yaml
            mapping: mappings/\(answers.platform).yaml
            topology: \(topology)

        approvals: approvals/

        """
    }

    var mapping: String {
        """
        # yaml-language-server: $schema=../schema/mapping.schema.json
        # Who gets what: when somebody is in a group, give a role. `rollcall test` runs the tests, `rollcall plan` shows the effect.
        version: 1
        platform: \(answers.platform)
        rules:
          - name: Staff
            when: {group: \(quoted(answers.group))}    # the name of a group of yours; `rollcall check --online` tells whether it is there
            give: \(example)
        tests:
          - name: somebody in no group gets nothing
            person: {groups: []}
            expect: {}

        """
    }

    /// Two columns in.
    private var directory: String {
        answers.directory.text.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n") + "\n"
    }

    private var topology: String {
        switch answers.platform {
        case "vivi": "{workspaces: {support: {seats: 40}}}    # your workspaces and how many seats each has"
        case "voiceflow":
            "{workspaces: {support: {seats: {editor: 5}, assistants: []}}}    # your workspaces, seats and assistants"
        case "tenant": "{seats: 50}    # how many users your plan allows"
        default: "{}"
        }
    }

    private var example: String {
        switch answers.platform {
        case "vivi": "{workspace: support, role: chat-user}"
        case "voiceflow": "{workspace: support, role: viewer}"
        case "tenant": "{role: user}"
        case "agent-studio": "{role: member}"
        default: "{role: …}"
        }
    }

    private func quoted(_ text: String) -> String { StarterDirectory.quoted(text) }
}

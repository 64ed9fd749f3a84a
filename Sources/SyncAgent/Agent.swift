/// The program behind the commands: reads everything, decides once, writes once.
///
/// One value serves one command. Every operation returns a value or throws `AgentFailure`; words and exits are the
/// executable's.
package struct Agent {
    /// Path of `rollcall.yaml` as given.
    package let configurationPath: String
    let ports: AgentPorts
    let context: AgentContext

    package init(configurationPath: String, ports: AgentPorts, context: AgentContext) {
        self.configurationPath = configurationPath
        self.ports = ports
        self.context = context
    }
}

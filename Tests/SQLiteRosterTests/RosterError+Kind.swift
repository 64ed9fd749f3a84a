import SQLiteRoster
import Testing

extension RosterError {
    /// The kind of error that something ends with; nil where it goes well.
    ///
    /// Any other error is a failed test.
    static func kind(_ body: () throws -> Void) -> Kind? {
        do {
            try body()
            return nil
        } catch let error as RosterError {
            return error.kind
        } catch {
            Issue.record("\(error)")
            return nil
        }
    }
}

import Diagnostics
import DirectoryModel

/// An examination for programs; stable order, all of everything.
package struct ExaminationJSON {
    private let report: ExaminationReport
    private var json = JSONWriter(layout: .pretty)

    package init(_ report: ExaminationReport) { self.report = report }

    package static func bytes(_ report: ExaminationReport) -> [UInt8] {
        var writer = ExaminationJSON(report)
        writer.write()
        return writer.json.bytes
    }

    private mutating func write() {
        json.beginObject()
        json.field("format", ExaminationReport.format)
        json.key("directories")
        json.beginArray()
        for (place, examination) in report.examinations.enumerated() {
            write(examination, report.starters.indices.contains(place) ? report.starters[place] : nil)
        }
        json.endArray()
        json.field("exit_status", report.exitStatus)
        json.endObject()
        json.newline()
    }

    private mutating func write(_ examination: Examination, _ starter: String?) {
        json.beginObject()
        json.field("directory", examination.directory)
        json.field("server", examination.server.isEmpty ? nil : examination.server)
        json.field("time", Timestamp.machine(examination.time))
        json.field("readable", examination.failure == nil)
        json.key("steps")
        json.beginArray()
        for step in examination.steps { write(step, examination) }
        json.endArray()
        json.field("starter", starter)
        json.endObject()
    }

    private mutating func write(_ step: ExaminedStep, _ examination: Examination) {
        json.beginObject()
        json.field("step", step.step.rawValue)
        json.field("verdict", step.verdict.rawValue)
        json.field("skipped_because", step.skippedBecause?.rawValue)
        json.key("facts")
        if let facts = step.facts { json.facts(facts, at: examination.time) } else { json.null() }
        json.key("ailments")
        json.beginArray()
        for ailment in step.ailments {
            json.beginObject()
            json.field("code", ailment.code)
            json.field("weight", ailment.weight.name)
            json.field("message", ailment.message)
            json.field("likely", ailment.likely)
            json.field("hint", ailment.remedy)
            json.endObject()
        }
        json.endArray()
        let command = SearchCommand(examination.access)
        json.field("commands", step.reads.map(command.text))
        json.endObject()
    }
}

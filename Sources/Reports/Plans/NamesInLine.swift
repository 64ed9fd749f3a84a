import DirectoryModel
import Reconciliation

/// What people who wait are called: as the plan calls them, else as whoever made the report knows them, else by id.
struct NamesInLine {
    private var labels: [PersonKey: String]

    init(_ plan: TargetPlan, _ known: [PersonKey: String]) {
        labels = known
        guard !plan.waiting.isEmpty else { return }
        let waiting = Set(plan.waiting.map(\.person))
        for subject in plan.subjects {
            let key = PersonKey(directory: plan.directory(of: subject), id: subject.id)
            if waiting.contains(key) { labels[key] = plan.label(of: subject) }
        }
    }

    func label(of place: PlaceInLine) -> String { labels[place.person] ?? "\(place.person.id)" }
}

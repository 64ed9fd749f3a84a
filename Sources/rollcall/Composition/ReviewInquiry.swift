import Diagnostics
import Reconciliation
import Reports
import SQLiteRoster
import SyncAgent

/// Puts together what a review is made of: what everybody has, and since when.
struct ReviewInquiry {
    private let scene: InquiryScene
    private let staleSeconds: Int64?
    private let staleText: String?

    /// Without a number of seconds each target's own policy says how long is too long.
    init(_ scene: InquiryScene, staleSeconds: Int64?, staleText: String?) {
        self.scene = scene
        self.staleSeconds = staleSeconds
        self.staleText = staleText
    }

    func review(_ isWanted: (ReviewedAccess) -> Bool) throws -> AccessReview {
        var rows: [AccessReview.Row] = []
        var lengths: Set<Int64> = []
        for target in scene.targets {
            let seconds = staleSeconds ?? target.settings.policy.inactive.afterSeconds
            lengths.insert(seconds)
            let times = try scene.view.roster.accessTimes(target: target.settings.name)
            try scene.inquiry(target).forEachReviewed(staleSeconds: seconds) { item in
                guard isWanted(item) else { return }
                var since = times.since(item.part, user: item.user) ?? item.userSince
                if case .byHand(let grant) = item.given { since = grant.since }
                rows.append(AccessReview.Row(item, since: since))
            }
        }
        let days = lengths.sorted().map { $0 % 86_400 == 0 ? Counted.text(Int($0 / 86_400), "day") : "\($0) seconds" }
        return AccessReview(
            rows, run: scene.roster.lastRun > 0 ? scene.roster.lastRun : nil, time: scene.now,
            staleAfter: staleText ?? days.joined(separator: " or "), version: Version.text)
    }
}

package org.headwise.reports;

import java.util.ArrayList;
import java.util.List;
import org.headwise.reports.ReportData.HeadStatistic;
import org.headwise.reports.ReportData.Metric;

/** What each measure means, and what these numbers do not show. */
final class NotesSection {
    private static final List<String> LIMITS = List.of(
            "Masked is not freed: only bytes that went back to the allocator count as saved here. A mask that hides keys"
                    + " from attention saves nothing.",
            "KV cache counts the keys and values of self-attention only: no weights, no activations, no text encoder, no"
                    + " image decoder.",
            "A budget is a share of the full cache that the last step finds when it begins; the peak also holds keys of"
                    + " the step at work, so it lies above the budget.",
            "Fidelity is closeness to the full cache's image of the same prompt and seed. It says nothing of whether"
                    + " either image is good or fits its prompt; only alignment, where it was measured, does the latter.",
            "Statistics are means over the calibration prompts of this run; the number of prompts (N) stands beside"
                    + " them. Few prompts give wide intervals.",
            "A standard deviation describes the spread over prompts, not the error of the mean.");

    private NotesSection() {}

    static Section of(ReportData data, Detail detail) {
        List<Html> body = new ArrayList<>();
        List<Html> meanings = new ArrayList<>();
        for (HeadStatistic s : data.mapped()) {
            meanings.add(Tag.DT.of(Html.data(Charts.withUnit(s.fullName(), s.unit()))));
            meanings.add(Tag.DD.of(Html.data(s.description())));
        }
        data.fidelity().ifPresent(fidelity -> {
            for (Metric m : fidelity.metrics()) {
                meanings.add(Tag.DT.of(Html.data(Charts.withUnit(m.name(), m.unit()))));
                meanings.add(Tag.DD.of(Html.data(m.description())));
            }
        });
        if (!meanings.isEmpty()) {
            body.add(Tag.H3.of("What each measure means"));
            body.add(Tag.DL.of(meanings).cls("facts"));
        }
        body.add(Tag.H3.of("What these numbers do not show"));
        List<Html> items = new ArrayList<>();
        LIMITS.forEach(limit -> items.add(Tag.LI.of(limit)));
        data.notes().forEach(note -> items.add(Tag.LI.of(Html.data(note))));
        if (!detail.isFull()) {
            items.add(Tag.LI.of("To stay below 2 MB this page leaves out some details of single heads or some images;"
                    + " the files in report-data hold everything."));
        }
        body.add(Tag.UL.of(items));
        return new Section("notes", "Notes and limits", body);
    }
}

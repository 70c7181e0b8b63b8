package org.headwise.schedules.methods;

import java.util.List;
import java.util.Map;
import org.headwise.analysis.Profile;
import org.headwise.files.InputRefused;
import org.headwise.files.Provenance;
import org.headwise.schedules.Budget;
import org.headwise.schedules.Method;
import org.headwise.schedules.Option;
import org.headwise.schedules.Schedule;

/** Baseline: keeps everything. */
public final class Full implements Method {
    @Override
    public String name() {
        return "full";
    }

    @Override
    public String describe() {
        return "baseline: keeps everything; for a budget of 100% only";
    }

    @Override
    public List<Option> options() {
        return List.of();
    }

    @Override
    public Schedule plan(Profile profile, Budget budget, Map<String, String> options, Provenance provenance) {
        var settings = resolve(options);
        if (budget.share() < 1) {
            throw new InputRefused("full keeps everything and cannot keep a budget of " + budget.percent()
                    + "; the smallest feasible budget is 100%");
        }
        Budget meant = profile.geometry().raster() == null ? budget : RasterBudget.of(budget);
        return new Schedule(profile.geometry(), name(), settings, meant, List.of(), provenance);
    }
}

package org.headwise.reports;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.headwise.analysis.PairedTest;
import org.headwise.reports.ReportData.MethodTest;
import org.headwise.schedules.evaluate.EvaluationResult;
import org.headwise.schedules.evaluate.EvaluationResult.VariantInfo;
import org.headwise.schedules.evaluate.Fidelity;

/** Every two methods of the same budget against each other, prompt by prompt. */
final class MethodTests {
    private MethodTests() {}

    /** Tests of one measure; chances are adjusted over all pairs of a budget. */
    static List<MethodTest> of(EvaluationResult result, String metric, ToDoubleFunction<Fidelity> measure) {
        Map<Double, List<VariantInfo>> budgets = new LinkedHashMap<>();
        result.variants()
                .forEach(v -> budgets.computeIfAbsent(v.budget(), b -> new ArrayList<>())
                        .add(v));
        List<MethodTest> all = new ArrayList<>();
        budgets.forEach((budget, variants) -> all.addAll(ofBudget(result, variants, metric, measure)));
        return all;
    }

    private static List<MethodTest> ofBudget(
            EvaluationResult result, List<VariantInfo> variants, String metric, ToDoubleFunction<Fidelity> measure) {
        List<VariantInfo[]> pairs = new ArrayList<>();
        List<PairedTest> tests = new ArrayList<>();
        for (int i = 0; i < variants.size(); i++) {
            for (int j = i + 1; j < variants.size(); j++) {
                pairs.add(new VariantInfo[] {variants.get(i), variants.get(j)});
                tests.add(PairedTest.of(
                        values(result, variants.get(i), measure), values(result, variants.get(j), measure)));
            }
        }
        double[] t = PairedTest.holm(
                tests.stream().mapToDouble(PairedTest::tProbability).toArray());
        double[] ranks = PairedTest.holm(
                tests.stream().mapToDouble(PairedTest::rankProbability).toArray());
        List<MethodTest> all = new ArrayList<>();
        for (int i = 0; i < tests.size(); i++) {
            VariantInfo[] pair = pairs.get(i);
            all.add(new MethodTest(
                    metric, pair[0].budget(), pair[0].method(), pair[1].method(), tests.get(i), t[i], ranks[i]));
        }
        return all;
    }

    private static double[] values(EvaluationResult result, VariantInfo variant, ToDoubleFunction<Fidelity> measure) {
        return result.prompts().stream()
                .mapToDouble(prompt -> measure.applyAsDouble(prompt.compressed().get(variant.name())))
                .toArray();
    }
}

package org.headwise.schedules.evaluate;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.headwise.attention.FullCache;
import org.headwise.attention.KvCache;
import org.headwise.datasets.Picture;
import org.headwise.files.AtomicFile;
import org.headwise.files.FolderLock;
import org.headwise.files.InputRefused;
import org.headwise.files.Progress;
import org.headwise.files.Provenance;
import org.headwise.model.Generation;
import org.headwise.model.ImageModel;
import org.headwise.model.Request;
import org.headwise.model.Sampling;
import org.headwise.schedules.evaluate.EvaluationResult.PromptResult;
import org.headwise.schedules.evaluate.EvaluationResult.VariantInfo;

/**
 * Generates the same images with the full cache and with compressed ones and measures what it cost. The result file is
 * rewritten after every prompt, so an interrupted evaluation goes on where it stopped.
 *
 * @param folder receives {@code evaluation.json} and {@code images/}
 * @param seed the image of prompt i is drawn with seed + i
 * @param images how many prompts leave their pictures in the folder
 */
public record Evaluation(
        ImageModel model,
        List<String> prompts,
        Sampling sampling,
        long seed,
        List<Variant> variants,
        Path folder,
        int images,
        Provenance provenance) {
    /** Name of the result file. */
    public static final String FILE = "evaluation.json";

    public Evaluation {
        prompts = List.copyOf(prompts);
        variants = List.copyOf(variants);
        if (variants.stream().map(Variant::name).distinct().count() != variants.size()) {
            throw new InputRefused("two schedules of an evaluation have the same name: "
                    + variants.stream().map(Variant::name).toList());
        }
    }

    /**
     * Runs what is not yet in the result file.
     *
     * @param cancelled asked before every prompt
     * @return what is measured: fewer prompts than asked for if it was cancelled
     * @throws org.headwise.files.FolderBusy if another process or thread writes to the folder
     */
    public EvaluationResult run(Progress progress, BooleanSupplier cancelled) {
        try (FolderLock _ = FolderLock.acquire(folder)) {
            return goOn(begun(), progress, cancelled);
        } finally {
            progress.finish();
        }
    }

    private EvaluationResult goOn(EvaluationResult begun, Progress progress, BooleanSupplier cancelled) {
        EvaluationResult result = begun;
        int done = result.prompts().size();
        progress.start("evaluating", prompts.size());
        progress.step(done);
        if (done < prompts.size()) {
            warmUp();
        }
        for (int index = done; index < prompts.size(); index++) {
            if (cancelled.getAsBoolean()) {
                break;
            }
            TreeMap<String, Picture> pictures = new TreeMap<>();
            result = result.with(compare(index, pictures));
            if (index < images) {
                for (var picture : pictures.entrySet()) {
                    AtomicFile.write(
                            picture(folder, index, picture.getKey()),
                            picture.getValue().png());
                }
            }
            AtomicFile.write(folder.resolve(FILE), EvaluationFile.write(result));
            progress.step(index + 1);
        }
        return result;
    }

    /**
     * The first generations of a process run in cold code; their times would not be those of the others. Budgets of a
     * method share their code, so one is enough.
     */
    private void warmUp() {
        run(request(0), FullCache::new);
        Set<String> warm = new HashSet<>();
        for (Variant variant : variants) {
            if (warm.add(variant.method())) {
                run(request(0), variant.caches());
            }
        }
    }

    private Request request(int index) {
        return Request.of(List.of(prompts.get(index)), List.of(seed + index), sampling)
                .keepingLogits();
    }

    /** Where the picture of a prompt lies; the full cache's is named {@code full}. */
    public static Path picture(Path folder, int index, String variant) {
        String name = variant.replaceAll("[^A-Za-z0-9.%_-]", "_");
        return folder.resolve("images").resolve(String.format(Locale.ROOT, "%05d-%s.png", index, name));
    }

    private EvaluationResult begun() {
        List<VariantInfo> infos = variants.stream()
                .map(variant -> new VariantInfo(variant.name(), variant.method(), variant.budget(), variant.meanings()))
                .toList();
        Path file = folder.resolve(FILE);
        if (!Files.exists(file)) {
            return new EvaluationResult(model.geometry(), provenance, infos, List.of());
        }
        EvaluationResult old = EvaluationFile.read(file);
        if (!old.variants().equals(infos)
                || !old.provenance().settings().equals(provenance.settings())
                || !old.provenance().inputs().equals(provenance.inputs())
                || !old.geometry().equals(model.geometry())) {
            throw InputRefused.in(
                    file, "holds an evaluation with other settings; give another --out, or --force to start over");
        }
        return old;
    }

    private PromptResult compare(int index, TreeMap<String, Picture> pictures) {
        String prompt = prompts.get(index);
        Request request = request(index);
        Run full = run(request, FullCache::new);
        pictures.put("full", full.picture());
        TreeMap<String, Fidelity> compressed = new TreeMap<>();
        for (Variant variant : variants) {
            Run free = run(request, variant.caches());
            Run forced = run(request.forcing(full.generation().ids()), variant.caches());
            pictures.put(variant.name(), free.picture());
            compressed.put(variant.name(), fidelity(prompt, full, free, forced));
        }
        return new PromptResult(index, prompt, seed + index, fidelity(prompt, full, full, full), compressed);
    }

    private record Run(
            Generation generation, long peakBytes, List<Long> endBytes, double seconds, OptionalLong processPeak) {
        Picture picture() {
            return generation.images().getFirst();
        }
    }

    private Run run(Request request, Supplier<? extends KvCache> caches) {
        try (KvCache cache = caches.get()) {
            ProcessPeak peak = ProcessPeak.ofThisProcess();
            boolean counted = peak.begin();
            long start = System.nanoTime();
            Generation generation = model.generate(request, cache, null);
            double seconds = (System.nanoTime() - start) / 1e9;
            OptionalLong most = counted ? peak.bytes() : OptionalLong.empty();
            return new Run(generation, cache.ledger().peak(), cache.ledger().endBytes(), seconds, most);
        }
    }

    private static Fidelity fidelity(String prompt, Run full, Run free, Run forced) {
        List<Double> agreement = new ArrayList<>();
        List<Double> divergence = new ArrayList<>();
        Generation reference = full.generation();
        for (int step = 0; step < reference.ids().size(); step++) {
            agreement.add(IdDistance.agreement(
                    reference.ids().get(step), free.generation().ids().get(step)));
            divergence.add(IdDistance.divergence(
                    reference.logits().get(step), forced.generation().logits().get(step), reference.choices()));
        }
        return new Fidelity(
                PictureDistance.psnr(full.picture(), free.picture()),
                PictureDistance.ssim(full.picture(), free.picture()),
                agreement,
                divergence,
                free.peakBytes(),
                free.endBytes(),
                free.generation().attentionNanos() / 1e9,
                free.seconds(),
                Alignment.of(prompt, free.picture()),
                free.processPeak());
    }
}

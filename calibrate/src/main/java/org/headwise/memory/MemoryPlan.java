package org.headwise.memory;

import java.util.ArrayList;
import java.util.List;
import org.headwise.checkpoint.TensorInfo;
import org.headwise.model.Geometry;
import org.headwise.tensor.DType;

/** What a run will hold, part by part, before anything of it is allocated. */
public record MemoryPlan(List<Part> parts) {
    /** The program itself: classes, compiled code, threads, and what its libraries hold. */
    private static final long PROGRAM_HEAP = 20L << 20;

    private static final long PROGRAM_OUTSIDE = 110L << 20;

    /** The collector needs room to move things, and arrays of megabytes begin regions of their own. */
    private static final double HEAP_ROOM = 1.15;

    /** Attention's rooms of one thread beside keys and values. */
    private static final long SCORES = 4L * 2 * 96 * 1024;

    /** Red, green and blue of the pixels of one latent cell, 16 by 16 at most. */
    private static final long PICTURE = 3 * 16 * 16;

    /** When a part is there. */
    public enum When {
        LOADING,
        ALWAYS,
        DRAWING,
        DECODING
    }

    /**
     * @param name for people
     * @param heap bytes in the Java heap
     * @param outside bytes outside it
     * @param direct those of them that count against {@code -XX:MaxDirectMemorySize}
     * @param library those of them that a library holds
     * @param mapped bytes in files, whose pages the system takes back when it needs them
     */
    public record Part(String name, When when, long heap, long outside, long direct, long library, long mapped) {
        private Part(String name, HeldWeights weights) {
            this(
                    name,
                    When.ALWAYS,
                    weights.heap(),
                    weights.outside(),
                    weights.direct(),
                    weights.library(),
                    weights.mapped());
        }

        private static Part inHeap(String name, When when, long bytes) {
            return new Part(name, when, bytes, 0, 0, 0, 0);
        }

        public long bytes() {
            return heap + outside;
        }
    }

    public MemoryPlan {
        parts = List.copyOf(parts);
    }

    /** Plans a run of a model. */
    public static MemoryPlan of(ModelShapes model, MemoryRequest run) {
        WeightHolding weights = run.weights();
        HeldWeights transformer = HeldWeights.transformer(model.transformer(), weights);
        List<Part> parts = new ArrayList<>();
        parts.add(new Part("transformer", transformer));
        parts.add(new Part("image tokenizer", HeldWeights.image(model.image(), weights)));
        boolean left = model.leavesText() && !weights.library();
        parts.add(new Part("text encoder", HeldWeights.text(model.text(), left, weights.panel())));
        if (weights.library()) {
            // One matrix at a time is read into an array before the library takes it.
            parts.add(Part.inHeap("reading weights", When.LOADING, 4 * largestMatrix(model)));
            parts.add(products(model, run));
        }
        parts.add(new Part("KV cache", When.DRAWING, run.cacheInHeap(), run.cacheOutside(), run.cacheOutside(), 0, 0));
        parts.add(Part.inHeap("activations", When.DRAWING, activations(model, run)));
        // One after another; what is decoded waits for the last.
        long pictures = (long) run.images() * PICTURE * model.latent().tokens();
        long maps = DecoderMemory.of(model.image(), model.latent());
        parts.add(Part.inHeap("decoding images", When.DECODING, run.decodes() ? maps + pictures : 0));
        long logits = 4L * run.keptLogits() * run.images() * model.geometry().totalTokens() * model.logits();
        parts.add(Part.inHeap("statistics and logits", When.ALWAYS, run.statistics() + logits));
        parts.add(new Part("program", When.ALWAYS, PROGRAM_HEAP, PROGRAM_OUTSIDE, 0, 0, 0));
        return new MemoryPlan(parts);
    }

    /** Bytes of the matrices of a transformer, packed: what a step of a raster model reads. */
    public static long matrices(ModelShapes model, DType weights, int panel) {
        return HeldWeights.transformer(model.transformer(), new WeightHolding(weights, panel))
                .outside();
    }

    private static long largestMatrix(ModelShapes model) {
        return model.transformer().values().stream()
                .filter(tensor -> tensor.shape().length == 2)
                .mapToLong(TensorInfo::elements)
                .max()
                .orElse(0);
    }

    /** What a library is handed and hands back for the widest product: input, product, and the product by rows. */
    private static Part products(ModelShapes model, MemoryRequest run) {
        long rows = (long) run.rows() * mostTokens(model, run);
        long outside = 4 * rows * (model.width() + 2L * model.hidden());
        return new Part("products", When.DRAWING, 4 * rows * model.hidden(), outside, 0, outside, 0);
    }

    /** Bytes of a cache that keeps everything, in numbers of so many bytes. */
    public static long fullCache(Geometry geometry, int rows, int elementBytes) {
        return 2L
                * geometry.layers()
                * geometry.kvHeads()
                * geometry.headDim()
                * rows
                * elementBytes
                * geometry.totalTokens();
    }

    /**
     * About what a budget leaves: a share of the full cache, and the last step in one layer, which every schedule holds
     * while it is attended to.
     */
    public static long budgetedCache(Geometry geometry, int rows, int elementBytes, double share) {
        long token = 2L * geometry.kvHeads() * geometry.headDim() * rows * elementBytes;
        return (long) (share * token * geometry.layers() * geometry.incomingTokens())
                + token * geometry.tokens(geometry.steps().size() - 1);
    }

    /** Tokens of a row in the largest step. */
    private static long mostTokens(ModelShapes model, MemoryRequest run) {
        Geometry geometry = model.geometry();
        return geometry.raster() == null
                ? geometry.tokens(geometry.steps().size() - 1)
                : model.promptTokens(run.textTokens());
    }

    /** The residual stream and what a block makes of it at the largest step, text keys, and each thread's rooms. */
    private static long activations(ModelShapes model, MemoryRequest run) {
        Geometry geometry = model.geometry();
        long width = model.width();
        int text = model.promptTokens(run.textTokens());
        long tokens = mostTokens(model, run);
        long block = run.rows() * tokens * (7 * width + model.hidden() + model.logits() / (text + 1L));
        long textKeys = model.family().equals("infinity")
                ? 2L * geometry.layers() * run.rows() * text * width + (long) run.rows() * text * 6 * width
                : 0;
        long keys = geometry.totalTokens() + (geometry.raster() == null ? 0 : text);
        long rooms = run.threads() * (5 * keys * geometry.headDim() / 2 + SCORES / 4);
        return 4 * (block + textKeys + rooms + (long) run.rows() * model.logits() * 4);
    }

    /** Bytes in the Java heap at the moment when most is alive. */
    public long heapAlive() {
        return sum(When.ALWAYS) + Math.max(sum(When.LOADING), Math.max(sum(When.DRAWING), sum(When.DECODING)));
    }

    /** The least {@code -Xmx} that leaves the collector room to work. */
    public long heap() {
        return (long) (HEAP_ROOM * heapAlive());
    }

    /** Bytes outside the Java heap. */
    public long outside() {
        return parts.stream().mapToLong(Part::outside).sum();
    }

    /** Bytes outside the Java heap that count against {@code -XX:MaxDirectMemorySize}. */
    public long direct() {
        return parts.stream().mapToLong(Part::direct).sum();
    }

    /** Bytes outside the Java heap that a library holds. */
    public long library() {
        return parts.stream().mapToLong(Part::library).sum();
    }

    /** Bytes that stay in files: no memory is needed for them, and all that is free makes reading them faster. */
    public long mapped() {
        return parts.stream().mapToLong(Part::mapped).sum();
    }

    /** Memory of the process with a heap of just that size. */
    public long process() {
        return heap() + outside();
    }

    private long sum(When when) {
        return parts.stream()
                .filter(part -> part.when == when)
                .mapToLong(Part::heap)
                .sum();
    }
}

package org.headwise.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.headwise.attention.FullCache;
import org.headwise.checkpoint.TensorInfo;
import org.headwise.datasets.BundledModels;
import org.headwise.model.Geometry;
import org.headwise.model.Grid;
import org.headwise.model.ImageModel;
import org.headwise.model.KnownModels;
import org.headwise.model.ModelSource;
import org.headwise.model.Models;
import org.headwise.model.Request;
import org.headwise.tensor.DType;
import org.headwise.tensor.Engine;
import org.headwise.tensor.PackedMatrix;
import org.headwise.tensor.Products;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Plans against what models, caches and packed weights really take. */
class MemoryPlanTest {
    @ParameterizedTest
    @ValueSource(strings = {"infinity-mini", "janus-mini"})
    void theWeightsAreThoseThatTheLoaderAsksFor(String name) {
        ModelSource source = ModelSource.of(BundledModels.find(name).orElseThrow());
        ModelShapes shapes = ModelShapes.of(source);
        WeightHolding library = WeightHolding.byLibrary();
        CountedWeights counted = new CountedWeights();
        try (Engine engine = Engine.with(counted, 1);
                ImageModel opened = Models.open(source, engine, DType.F32)) {
            long planned = MemoryPlan.of(shapes, request(library, false, 0)).parts().stream()
                    .filter(part -> part.when() == MemoryPlan.When.ALWAYS)
                    .mapToLong(MemoryPlan.Part::library)
                    .sum();
            assertEquals(4 * counted.numbers(), planned);
            assertEquals(shapes.geometry(), opened.geometry());
        }
    }

    private static MemoryRequest request(WeightHolding weights, boolean decodes, long cache) {
        return new MemoryRequest(1, true, decodes, weights, cache, 0, 20, 0, 0, 2);
    }

    /** What stays in files takes no memory, is as large as it is stored, and all else is as it was. */
    @ParameterizedTest
    @ValueSource(strings = {"infinity-mini", "janus-mini"})
    void weightsInFilesAreNotCounted(String name) {
        ModelShapes shapes =
                ModelShapes.of(ModelSource.of(BundledModels.find(name).orElseThrow()));
        MemoryPlan packed = MemoryPlan.of(shapes, request(new WeightHolding(DType.F32, 64), true, 5));
        MemoryPlan left = MemoryPlan.of(shapes, request(new WeightHolding(null, 64), true, 5));
        assertEquals(packed.heapAlive(), left.heapAlive());
        assertEquals(0, left.direct());
        assertTrue(packed.direct() > 0);
        long stored = MemoryPlan.of(shapes, request(WeightHolding.byLibrary(), true, 5)).parts().stream()
                        .filter(part -> part.name().equals("transformer"))
                        .mapToLong(MemoryPlan.Part::library)
                        .sum()
                / 4
                * shapes.transformer().values().stream()
                        .filter(tensor -> tensor.shape().length == 2)
                        .findFirst()
                        .orElseThrow()
                        .dtype()
                        .bytes();
        assertEquals(stored, left.mapped() - packed.mapped());
        // The text encoder of Infinity stays in its file however the transformer is held.
        assertEquals(name.startsWith("infinity"), packed.mapped() > 0);
    }

    /** The model releases the cache before it decodes; without decoding only drawing counts. */
    @Test
    void cacheAndDecodedImagesAreNotThereTogether() {
        ModelShapes shapes = ModelShapes.of(
                ModelSource.of(BundledModels.find("infinity-mini").orElseThrow()));
        WeightHolding weights = new WeightHolding(DType.F32, 64);
        long none = MemoryPlan.of(shapes, request(weights, false, 0)).heapAlive();
        long much = 1L << 30;
        assertEquals(
                none + much,
                MemoryPlan.of(shapes, request(weights, false, much)).heapAlive());
        assertEquals(
                none + much, MemoryPlan.of(shapes, request(weights, true, much)).heapAlive());
        for (boolean decodes : new boolean[] {false, true}) {
            long maps = MemoryPlan.of(shapes, request(weights, decodes, 0)).parts().stream()
                    .filter(part -> part.when() == MemoryPlan.When.DECODING)
                    .mapToLong(MemoryPlan.Part::heap)
                    .sum();
            assertEquals(decodes, maps > 0);
        }
    }

    /** Large matrices are asked of the system where it can, and only the others are limited by Java. */
    @Test
    void largeMatricesAreLimitedByTheMachineOnly() {
        TensorInfo large = new TensorInfo(DType.F32, new long[] {1024, 1025});
        TensorInfo small = new TensorInfo(DType.F32, new long[] {64, 64});
        HeldWeights held =
                HeldWeights.transformer(Map.of("a.weight", large, "b.weight", small), new WeightHolding(DType.F32, 64));
        boolean linux = System.getProperty("os.name").equals("Linux");
        assertEquals(linux ? 4 * 64 * 64 : 4 * (64 * 64 + 1024 * 1025), held.direct());
        assertEquals(linux ? 4 * 64 * 64 + (6L << 20) : held.direct(), held.outside());
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a large red circle in the center on a white background"})
    void aRasterPromptIsNotLongerThanPlanned(String prompt) {
        ModelSource source = ModelSource.of(BundledModels.find("janus-mini").orElseThrow());
        try (Engine engine = Engine.vector(1);
                ImageModel model = Models.open(source, engine, DType.F32);
                FullCache cache = new FullCache(DType.BF16)) {
            model.generate(Request.of(List.of(prompt), List.of(1L), model.sampling()), cache, null);
            int planned = ModelShapes.of(source).promptTokens(prompt.length() + 1);
            int tokens = model.promptTokens(prompt);
            assertTrue(tokens <= planned && planned <= tokens + prompt.length() + 16, tokens + " of " + planned);
            assertEquals(
                    cache.ledger().peak(),
                    MemoryPlan.fullCache(model.geometry().withPrompt(tokens), 2, DType.BF16.bytes()));
        }
    }

    @ParameterizedTest
    @CsvSource({"64,64,F32", "65,7,BF16", "1,33,F16", "200,3,F32", "127,5,BF16"})
    void aPackedMatrixTakesWhatIsPlanned(int outputs, int inputs, DType storage) {
        try (Engine engine = Engine.vector(1)) {
            PackedMatrix packed = (PackedMatrix) engine.pack(new float[outputs * inputs], outputs, inputs, storage);
            assertEquals(
                    packed.bytes(),
                    HeldWeights.packed(
                            outputs, inputs, storage, engine.kernels().panel()));
        }
    }

    @ParameterizedTest
    @CsvSource({"infinity-mini,2", "janus-mini,2", "infinity-mini,4"})
    void theFullCacheIsWhatItsLedgerSays(String name, int rows) {
        try (Engine engine = Engine.vector(2);
                ImageModel model = Models.open(BundledModels.find(name).orElseThrow(), engine, DType.F32);
                FullCache cache = new FullCache()) {
            List<String> prompts = new ArrayList<>();
            List<Long> seeds = new ArrayList<>();
            for (int image = 0; image < rows / 2; image++) {
                prompts.add("a large red circle in the center");
                seeds.add((long) image);
            }
            model.generate(Request.of(prompts, seeds, model.sampling()), cache, null);
            Geometry whole = prompted(model.geometry(), cache.ledger().peak(), rows);
            assertEquals(cache.ledger().peak(), MemoryPlan.fullCache(whole, rows, 4));
        }
    }

    /** A raster model's geometry with a prompt as long as the ledger says: it must be a whole number of tokens. */
    private static Geometry prompted(Geometry geometry, long bytes, int rows) {
        if (geometry.raster() == null) {
            return geometry;
        }
        long token = 2L * 4 * rows * geometry.layers() * geometry.kvHeads() * geometry.headDim();
        assertEquals(0, bytes % token);
        return geometry.withPrompt((int) (bytes / token) - geometry.raster().tokens() + 1);
    }

    @Test
    void shapesOfAReleaseNeedNoFiles() {
        ModelShapes shapes = ModelShapes.of(KnownModels.find("infinity-2b").orElseThrow(), DType.F32)
                .orElseThrow();
        assertEquals(KnownModels.find("infinity-2b").orElseThrow().geometry(), shapes.geometry());
        HeldWeights held = HeldWeights.transformer(shapes.transformer(), new WeightHolding(DType.F32, 64));
        // The released file has 8,819,295,332 bytes, pickle and unread biases included.
        assertEquals(8_819_295_332.0, held.outside() + held.heap(), 0.001 * 8_819_295_332.0);
        // All keys and values of 10,521 tokens, two rows, 32 layers of 2048 numbers, 4 bytes each.
        assertEquals(2L * 2 * 32 * 2048 * 4 * 10521, MemoryPlan.fullCache(shapes.geometry(), 2, 4));
        assertTrue(ModelShapes.of(KnownModels.find("var-d16").orElseThrow(), DType.F32)
                .isEmpty());
        for (String name : List.of("infinity-125m", "infinity-8b", "infinity-8b-512", "janus-1.3b", "janus-pro-7b")) {
            assertEquals(
                    KnownModels.find(name).orElseThrow().geometry(),
                    ModelShapes.of(KnownModels.find(name).orElseThrow(), DType.F32)
                            .orElseThrow()
                            .geometry(),
                    name);
        }
    }

    @Test
    void aLastPanelIsFilledUp() {
        assertEquals(128 * 10 * 2, HeldWeights.packed(65, 10, DType.BF16, 64));
        TensorInfo qkv = new TensorInfo(DType.F32, new long[] {3 * 65, 10});
        assertEquals(
                3 * 128 * 10 * 4,
                HeldWeights.transformer(Map.of("blocks.0.sa.mat_qkv.weight", qkv), new WeightHolding(DType.F32, 64))
                        .outside());
    }

    /** An image of 2 x 2 cells through one residual layer of 8 channels and a doubling. */
    @Test
    void decodingHoldsTheMapsOfItsLargestLayer() {
        Map<String, TensorInfo> tensors = Map.of(
                "decoder.mid.block_1.conv1.conv.weight", info(8, 8, 3, 3),
                "decoder.up.0.upsample.conv.conv.weight", info(8, 8, 3, 3));
        assertEquals(4 * (4 * 8 + 16 * (8 + 8)), DecoderMemory.of(tensors, new Grid(2, 2)));
    }

    private static TensorInfo info(long... shape) {
        return new TensorInfo(DType.F32, shape);
    }

    @Test
    void everyPartThatGrowsIsInThePlan() {
        ModelShapes shapes = ModelShapes.of(
                ModelSource.of(BundledModels.find("infinity-mini").orElseThrow()));
        MemoryPlan one = MemoryPlan.of(
                shapes, new MemoryRequest(1, true, true, new WeightHolding(DType.F32, 64), 100, 0, 20, 0, 0, 2));
        MemoryPlan two = MemoryPlan.of(
                shapes, new MemoryRequest(2, true, true, new WeightHolding(DType.F32, 64), 100, 0, 20, 0, 0, 2));
        MemoryPlan half = MemoryPlan.of(
                shapes, new MemoryRequest(1, true, true, new WeightHolding(DType.BF16, 64), 100, 0, 20, 0, 0, 2));
        MemoryPlan more = MemoryPlan.of(
                shapes, new MemoryRequest(1, true, true, new WeightHolding(DType.F32, 64), 100, 7, 20, 3, 11, 2));
        assertTrue(two.heapAlive() > one.heapAlive());
        assertTrue(half.outside() < one.outside());
        assertEquals(one.outside() + 7, more.outside());
        long logits = 4L * 3 * 521 * 2 * 16;
        assertEquals(one.heapAlive() + 11 + logits, more.heapAlive());
    }

    /** Counts what it is given, and multiplies nothing. */
    private static final class CountedWeights implements Products {
        private final AtomicLong numbers = new AtomicLong();

        long numbers() {
            return numbers.get();
        }

        @Override
        public String describe() {
            return "counting";
        }

        @Override
        public Held hold(float[] weight, int rows, int columns) {
            numbers.addAndGet((long) rows * columns);
            return new Held() {};
        }

        @Override
        public void linear(float[] x, int rows, Held weight, float[] out) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void times(Held weight, float[] x, int columns, float[] out) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {}
    }
}

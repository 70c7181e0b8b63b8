package org.headwise.schedules.conform;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Supplier;
import org.headwise.checkpoint.Checkpoint;
import org.headwise.checkpoint.Checkpoints;
import org.headwise.model.Grid;
import org.headwise.model.infinity.InfinityConfig;
import org.headwise.model.infinity.InfinityGenerator;
import org.headwise.model.infinity.InfinityGeometries;
import org.headwise.model.infinity.InfinityVae;
import org.headwise.tensor.DType;
import org.headwise.tensor.Engine;
import tools.jackson.databind.JsonNode;

/** What the cases of a run share: the engine and the models last used. */
final class Workshop {
    private static final int KEPT = 3;

    private final Engine engine;
    private final Map<String, Object> models = new LinkedHashMap<>();

    Workshop(Engine engine) {
        this.engine = engine;
    }

    Engine engine() {
        return engine;
    }

    /** The transformer that a case names as {@code model}. */
    InfinityGenerator transformer(RecordedCase recorded) {
        Path file = recorded.file("model");
        InfinityConfig config = config(recorded);
        return model(file + " " + config, InfinityGenerator.class, () -> {
            try (Checkpoint checkpoint = Checkpoints.open(file)) {
                return new InfinityGenerator(checkpoint, config, engine, DType.F32);
            }
        });
    }

    /** The image tokenizer that a case names as {@code vae}. */
    InfinityVae vae(RecordedCase recorded) {
        Path file = recorded.file("vae");
        return model(file.toString(), InfinityVae.class, () -> {
            try (Checkpoint checkpoint = Checkpoints.open(file)) {
                return new InfinityVae(checkpoint, engine);
            }
        });
    }

    private <T> T model(String key, Class<T> type, Supplier<T> open) {
        Object found = models.remove(key);
        T model = found == null ? open.get() : type.cast(found);
        models.put(key, model);
        if (models.size() > KEPT) {
            models.remove(models.keySet().iterator().next());
        }
        return model;
    }

    /** The settings of a case's model: its own, else those the index gives for the model's file, else the released ones. */
    InfinityConfig config(RecordedCase recorded) {
        JsonNode own = recorded.json().path("model_config");
        JsonNode indexed = indexed(recorded);
        JsonNode fixed = recorded.index().path("fixed_config");
        InfinityConfig released =
                InfinityConfig.released(setting("apply_spatial_patchify", 0, own, indexed, fixed) != 0);
        return new InfinityConfig(
                released.patchify(),
                setting("rope2d_normalized_by_hw", 2, own, indexed, fixed),
                setting("add_lvl_embeding_only_first_block", 1, own, indexed, fixed) != 0
                        ? InfinityConfig.LevelEmbedding.FIRST_BLOCK
                        : InfinityConfig.LevelEmbedding.EVERY_BLOCK,
                released.pn(),
                released.heightOverWidth(),
                released.sampling(),
                released.transformer(),
                released.vae(),
                released.textEncoder());
    }

    private static JsonNode indexed(RecordedCase recorded) {
        String file = recorded.json().path("model").asString("");
        for (JsonNode model : recorded.index().path("models")) {
            if (model.path("file").asString("").equals(file)) {
                return model;
            }
        }
        return recorded.index().path("models").path(file);
    }

    private static int setting(String name, int absent, JsonNode... places) {
        for (JsonNode place : places) {
            JsonNode value = place.path(name);
            if (value.isBoolean()) {
                return value.asBoolean() ? 1 : 0;
            }
            if (value.isIntegralNumber()) {
                return value.intValue();
            }
        }
        return absent;
    }

    /** The last grid of the released template that a schedule begins; rotary positions refer to it. */
    static Grid largest(RecordedCase recorded, List<Grid> schedule) {
        OptionalDouble template = InfinityGeometries.templateOf(schedule);
        if (template.isEmpty()) {
            throw recorded.refuse(
                    "the scale schedule begins no released template, so its rotary positions are unknown");
        }
        return InfinityGeometries.largest(template.getAsDouble()).getLast();
    }
}

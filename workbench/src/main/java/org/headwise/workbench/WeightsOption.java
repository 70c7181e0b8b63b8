package org.headwise.workbench;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import org.headwise.model.KnownModels;
import org.headwise.model.ModelPart;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * {@code --weights NAME=DIR}, or {@code --weights NAME.PART=PATH} for one part.
 *
 * @param model name of a released model
 */
record WeightsOption(String model, ModelPlace place) {
    /** Reads the option's text. */
    static final class Converter implements ITypeConverter<WeightsOption> {
        @Override
        public WeightsOption convert(String text) {
            int equals = text.indexOf('=');
            if (equals < 1 || equals == text.length() - 1) {
                throw new TypeConversionException(
                        "'" + text + "': expected NAME=DIR, for example infinity-2b=models/infinity-2b"
                                + " (number formats are given with --dtype)");
            }
            String key = text.substring(0, equals);
            Path path = path(text.substring(equals + 1));
            if (named(key)) {
                return new WeightsOption(key, new ModelPlace(path, Map.of()));
            }
            int dot = key.lastIndexOf('.');
            String name = dot < 0 ? key : key.substring(0, dot);
            if (!named(name)) {
                throw new TypeConversionException(
                        "\"" + name + "\" is no model that is known; headwise models lists the names");
            }
            ModelPart part = ModelPart.find(key.substring(dot + 1))
                    .orElseThrow(
                            () -> new TypeConversionException(
                                    "\"" + key.substring(dot + 1)
                                            + "\" is no part of a model, expected transformer, vae, text_encoder, tokenizer or config"));
            return new WeightsOption(name, new ModelPlace(null, Map.of(part, path)));
        }

        private static boolean named(String key) {
            return KnownModels.base(key).equals(key) && KnownModels.find(key).isPresent();
        }

        private static Path path(String text) {
            try {
                return Path.of(text);
            } catch (InvalidPathException e) {
                throw new TypeConversionException("'" + text + "' is no path: " + e.getReason());
            }
        }
    }
}

package org.headwise.text;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.headwise.checkpoint.FileContent;
import org.headwise.files.InputRefused;

/**
 * Text to token ids by the rules of a Hugging Face {@code tokenizer.json}, interpreted by the tokenizers library itself.
 * Nothing is ever fetched or reported: the library's downloads and its call home are switched off. Safe for use by many
 * threads.
 */
public final class Tokenizer implements AutoCloseable {
    private final HuggingFaceTokenizer tokenizer;
    private final String origin;

    private Tokenizer(String origin, HuggingFaceTokenizer tokenizer) {
        this.origin = origin;
        this.tokenizer = tokenizer;
    }

    /**
     * Opens a tokenizer whose ids are as many as the text needs.
     *
     * @param file a {@code tokenizer.json} or the folder that holds it
     */
    public static Tokenizer open(Path file) {
        return open(file, Map.of("truncation", "false", "padding", "false"));
    }

    /**
     * Opens a tokenizer that cuts long texts.
     *
     * @param maxLength most ids of a text, special ids included; the text is cut at its end and an end mark such as
     *     {@code </s>} is kept
     */
    public static Tokenizer open(Path file, int maxLength) {
        if (maxLength < 1) {
            throw new InputRefused("the longest text must have at least 1 token, got " + maxLength);
        }
        String most = Integer.toString(maxLength);
        return open(file, Map.of("truncation", "true", "padding", "false", "maxLength", most, "modelMaxLength", most));
    }

    private static Tokenizer open(Path path, Map<String, String> options) {
        Path file = Files.isDirectory(path) ? path.resolve("tokenizer.json") : path;
        if (!Files.isRegularFile(file)) {
            throw InputRefused.in(file, "no such file; a tokenizer.json is needed");
        }
        FileContent content = FileContent.of(file);
        if (content != FileContent.JSON) {
            throw InputRefused.in(
                    file, content.refusal() == null ? "this is no tokenizer.json: it is not JSON" : content.refusal());
        }
        stayOffline();
        try {
            byte[] json = Files.readAllBytes(file);
            return new Tokenizer(
                    file.toString(), HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(json), options));
        } catch (IOException e) {
            throw new UncheckedIOException(file + " could not be read: " + e.getMessage(), e);
        } catch (RuntimeException e) {
            throw new InputRefused(file + ": this is no usable tokenizer.json: " + oneLine(e), e);
        }
    }

    /** The ids of a text, special ids included. */
    public int[] encode(String text) {
        for (int i = 0; i < text.length(); i++) {
            boolean pair = Character.isHighSurrogate(text.charAt(i))
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1));
            if (!pair && Character.isSurrogate(text.charAt(i))) {
                throw new InputRefused("the text is not valid Unicode: half a surrogate pair at character " + i);
            }
            i += pair ? 1 : 0;
        }
        try {
            long[] ids = tokenizer.encode(text).getIds();
            int[] out = new int[ids.length];
            for (int i = 0; i < out.length; i++) {
                out[i] = Math.toIntExact(ids[i]);
            }
            return out;
        } catch (IllegalStateException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new InputRefused(origin + ": the text cannot be tokenised: " + oneLine(e), e);
        }
    }

    /** Frees the native memory. */
    @Override
    public void close() {
        tokenizer.close();
    }

    /** The library looks for a GPU flavour on the network unless told that it is offline and on a CPU. */
    private static void stayOffline() {
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("OPT_OUT_TRACKING", "true");
        System.setProperty("RUST_FLAVOR", "cpu");
    }

    private static String oneLine(RuntimeException e) {
        return String.valueOf(e.getMessage()).replaceAll("\\s+", " ");
    }
}

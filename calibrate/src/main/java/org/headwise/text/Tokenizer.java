package org.headwise.text;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.headwise.checkpoint.FileContent;
import org.headwise.files.InputRefused;
import org.headwise.files.Json;
import tools.jackson.databind.JsonNode;

/**
 * Text to token ids by the rules of a Hugging Face {@code tokenizer.json}, interpreted by the tokenizers library itself.
 * Nothing is ever fetched or reported: the library's downloads and its call home are switched off. Safe for use by many
 * threads.
 */
public final class Tokenizer implements AutoCloseable {
    private static final int UNLIMITED = 0;

    private final String origin;
    private final byte[] json;
    /** By longest text: the library fixes it when a tokenizer is made. */
    private final Map<Integer, HuggingFaceTokenizer> tokenizers = new ConcurrentHashMap<>();

    private Tokenizer(String origin, byte[] json) {
        this.origin = origin;
        this.json = json;
    }

    /**
     * Opens a tokenizer.
     *
     * @param path a {@code tokenizer.json} or the folder that holds it
     */
    public static Tokenizer open(Path path) {
        Path file = Files.isDirectory(path) ? path.resolve("tokenizer.json") : path;
        if (!Files.isRegularFile(file)) {
            throw InputRefused.in(file, "no such file; a tokenizer.json is needed");
        }
        FileContent content = FileContent.of(file);
        if (content != FileContent.JSON) {
            throw InputRefused.in(
                    file, content.refusal() == null ? "this is no tokenizer.json: it is not JSON" : content.refusal());
        }
        try {
            Tokenizer tokenizer = new Tokenizer(file.toString(), Files.readAllBytes(file));
            tokenizer.limited(UNLIMITED);
            return tokenizer;
        } catch (IOException e) {
            throw new UncheckedIOException(file + " could not be read: " + e.getMessage(), e);
        }
    }

    /** The ids of a text, special ids included. */
    public int[] encode(String text) {
        return encode(text, limited(UNLIMITED));
    }

    /**
     * The ids of a text, cut at its end if it is too long.
     *
     * @param maxLength most ids, special ids included; an end mark such as {@code </s>} is kept when text is cut
     */
    public int[] encode(String text, int maxLength) {
        if (maxLength < 1) {
            throw new InputRefused("the longest text must have at least 1 token, got " + maxLength);
        }
        int[] all = encode(text);
        return all.length <= maxLength ? all : encode(text, limited(maxLength));
    }

    /**
     * The ids of tokens by their content, as the file lists them: added tokens first, then the vocabulary.
     *
     * @throws InputRefused naming all contents that the file does not list
     */
    public int[] ids(List<String> contents) {
        JsonNode file = Json.parse(new String(json, StandardCharsets.UTF_8), origin);
        JsonNode vocabulary = file.path("model").path("vocab");
        int[] ids = new int[contents.size()];
        Arrays.setAll(ids, i -> vocabulary.path(contents.get(i)).asInt(-1));
        for (JsonNode added : file.path("added_tokens")) {
            int at = contents.indexOf(added.path("content").asString(""));
            if (at >= 0) {
                ids[at] = added.path("id").asInt(-1);
            }
        }
        List<String> missing = IntStream.range(0, ids.length)
                .filter(i -> ids[i] < 0)
                .mapToObj(contents::get)
                .toList();
        if (!missing.isEmpty()) {
            throw new InputRefused(origin + ": there is no token " + String.join(", ", missing)
                    + "; is this the tokenizer.json of the model?");
        }
        return ids;
    }

    private int[] encode(String text, HuggingFaceTokenizer tokenizer) {
        checkUnicode(text);
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

    /** Half a surrogate pair has no UTF-8 form, and the native side would take it for something else. */
    private static void checkUnicode(String text) {
        for (int i = 0; i < text.length(); i++) {
            boolean pair = Character.isHighSurrogate(text.charAt(i))
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1));
            if (!pair && Character.isSurrogate(text.charAt(i))) {
                throw new InputRefused("the text is not valid Unicode: half a surrogate pair at character " + i);
            }
            i += pair ? 1 : 0;
        }
    }

    private HuggingFaceTokenizer limited(int maxLength) {
        return tokenizers.computeIfAbsent(maxLength, this::create);
    }

    private HuggingFaceTokenizer create(int maxLength) {
        // Without these the library asks the network for a GPU build of itself and reports its use.
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("OPT_OUT_TRACKING", "true");
        System.setProperty("RUST_FLAVOR", "cpu");
        String most = Integer.toString(maxLength);
        Map<String, String> options = maxLength == UNLIMITED
                ? Map.of("truncation", "false", "padding", "false")
                : Map.of("truncation", "true", "padding", "false", "maxLength", most, "modelMaxLength", most);
        try {
            return HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(json), options);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (RuntimeException e) {
            throw new InputRefused(origin + ": this is no usable tokenizer.json: " + oneLine(e), e);
        }
    }

    private static String oneLine(RuntimeException e) {
        return String.valueOf(e.getMessage()).replaceAll("\\s+", " ");
    }

    /** Frees the native memory. */
    @Override
    public void close() {
        tokenizers.values().forEach(HuggingFaceTokenizer::close);
    }
}

package org.headwise.model.janus;

import java.nio.file.Path;
import org.headwise.files.InputRefused;
import tools.jackson.databind.JsonNode;

/**
 * What is put around a prompt, and the special tokens by their content. The released programs hand the tokenizer one
 * turn of a conversation that ends where the assistant's image begins.
 *
 * @param template with {@code {prompt}} where the text goes
 * @param empty the whole string for an empty prompt
 * @param begin content of the token that begins a text
 * @param pad content of the token that stands for the text in unconditional rows
 */
public record JanusPrompt(String template, String empty, String begin, String pad) {
    /** Content of the token that begins an image. */
    public static final String IMAGE = "<begin_of_image>";

    private static final String PLACE = "{prompt}";
    private static final String BEGIN = "<｜begin▁of▁sentence｜>";
    private static final String PAD = "<｜▁pad▁｜>";

    /** The roles of Janus-Pro. */
    public static JanusPrompt pro() {
        return conversation("<|User|>", "<|Assistant|>");
    }

    /** The roles of Janus-1.3B. */
    public static JanusPrompt first() {
        return conversation("User", "Assistant");
    }

    private static JanusPrompt conversation(String user, String assistant) {
        return new JanusPrompt(
                user + ": " + PLACE + "\n\n" + assistant + ":" + IMAGE,
                user + ":" + assistant + ":" + IMAGE,
                BEGIN,
                PAD);
    }

    /**
     * Reads {@code prompt_template} (a text with {@code {prompt}} in it, {@code janus-pro} or {@code janus-1.3b}; Janus-Pro
     * when absent), {@code bos_token} and {@code pad_token}.
     */
    static JanusPrompt read(Path file, JsonNode json) {
        String begin = json.path("bos_token").asString(BEGIN);
        String pad = json.path("pad_token").asString(PAD);
        String template = json.path("prompt_template").asString("janus-pro");
        JanusPrompt named = switch (template) {
            case "janus-pro" -> pro();
            case "janus-1.3b" -> first();
            default -> new JanusPrompt(template, template.replace(PLACE, ""), begin, pad);
        };
        if (!named.template.contains(PLACE)) {
            throw InputRefused.in(
                    file,
                    "prompt_template is \"" + template + "\", expected janus-pro, janus-1.3b or a text with " + PLACE);
        }
        return new JanusPrompt(named.template, named.empty, begin, pad);
    }

    /** The string that is tokenised. */
    public String around(String prompt) {
        String text = strip(prompt);
        return text.isEmpty() ? empty : template.replace(PLACE, text);
    }

    /** Without white space at both ends, as Python understands it. */
    private static String strip(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && white(text.charAt(from))) {
            from++;
        }
        while (to > from && white(text.charAt(to - 1))) {
            to--;
        }
        return text.substring(from, to);
    }

    private static boolean white(char c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == '\u0085';
    }
}

package org.headwise.model.janus;

import java.nio.file.Path;
import java.util.List;
import org.headwise.text.Tokenizer;

/** Prompts to ids: the template around them, the tokenizer, and the special tokens by their content. */
final class JanusText implements AutoCloseable {
    private final Tokenizer tokenizer;
    private final JanusPrompt prompts;
    private final int begin;
    private final int pad;

    private JanusText(Tokenizer tokenizer, JanusPrompt prompts, int begin, int pad) {
        this.tokenizer = tokenizer;
        this.prompts = prompts;
        this.begin = begin;
        this.pad = pad;
    }

    static JanusText open(Path tokenizer, JanusPrompt prompts) {
        Tokenizer opened = Tokenizer.open(tokenizer);
        try {
            int[] ids = opened.ids(List.of(prompts.begin(), prompts.pad(), JanusPrompt.IMAGE));
            return new JanusText(opened, prompts, ids[0], ids[1]);
        } catch (RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    /** The id that stands for the text in unconditional rows. */
    int pad() {
        return pad;
    }

    /** Ids of a prompt from begin of text to begin of image. */
    int[] ids(String prompt) {
        int[] ids = tokenizer.encode(prompts.around(prompt));
        if (ids.length > 0 && ids[0] == begin) {
            return ids;
        }
        // Some files leave this token to the settings of the tokenizer's class.
        int[] begun = new int[ids.length + 1];
        begun[0] = begin;
        System.arraycopy(ids, 0, begun, 1, ids.length);
        return begun;
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}

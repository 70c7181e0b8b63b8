package org.headwise.schedules.conform;

import org.headwise.model.janus.JanusPrompt;
import tools.jackson.databind.JsonNode;

/** Kind {@code prompt_strings}: what the templates of Janus make of prompts. */
final class PromptStringsCheck implements CaseCheck {
    @Override
    public boolean covers(RecordedCase recorded) {
        return recorded.kind().equals("prompt_strings") && recorded.has("janus");
    }

    @Override
    public void check(RecordedCase recorded, Workshop workshop, Comparison out) {
        for (JsonNode entry : recorded.get("janus")) {
            String prompt = entry.path("prompt").asString("");
            compare(entry, "janus_pro", JanusPrompt.pro().around(prompt), out);
            compare(entry, "janus_1_3b", JanusPrompt.first().around(prompt), out);
        }
        if (recorded.has("infinity_positive_prompt")) {
            out.note("Infinity's positive prompt is not part of this version");
        }
    }

    private static void compare(JsonNode entry, String template, String got, Comparison out) {
        if (entry.has(template)) {
            out.equal(template, entry.path(template).asString(""), got);
        }
    }
}

package org.headwise.calibrate;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.headwise.files.AtomicFile;
import org.headwise.files.InputRefused;
import org.headwise.files.Json;
import org.headwise.files.JsonFields;
import org.headwise.files.SchemaVersion;
import org.headwise.files.Sha256;

/**
 * The file {@code COMMIT}, written last: the digests of everything that a finished run consists of. The shards' digests
 * are in the journal. The command line is no part of it.
 *
 * @param settings digest of {@code run.json} without its command line, as one line
 */
record CommitMark(int prompts, String settings, String journal, String profile) {
    private static final SchemaVersion SCHEMA = new SchemaVersion("headwise.commit", 1, 0);

    /** The mark that the files of a folder deserve as they are now. */
    static CommitMark of(RunLayout layout, int prompts) {
        return new CommitMark(
                prompts,
                RunDescription.digest(Json.read(layout.run())),
                Sha256.of(layout.journal()),
                Sha256.of(layout.profile()));
    }

    void write(Path file) {
        AtomicFile.write(
                file,
                Json.pretty(Json.object()
                        .put("schema", SCHEMA.toString())
                        .put("prompts", prompts)
                        .put("settings_sha256", settings)
                        .put("journal_sha256", journal)
                        .put("profile_sha256", profile)));
    }

    static CommitMark read(Path file) {
        JsonFields fields = JsonFields.of(Json.read(file), file.toString());
        SCHEMA.require(fields);
        fields.only(Set.of("schema", "prompts", "settings_sha256", "journal_sha256", "profile_sha256"));
        return new CommitMark(
                (int) fields.whole("prompts", 1, Integer.MAX_VALUE),
                fields.text("settings_sha256"),
                fields.text("journal_sha256"),
                fields.text("profile_sha256"));
    }

    /** Refuses a folder whose files are not those that were committed. */
    void require(RunLayout layout) {
        for (Path file : new Path[] {layout.journal(), layout.profile()}) {
            if (!Files.isRegularFile(file)) {
                throw InputRefused.in(file, "this part of a finished run is missing; calibrate again to restore it");
            }
        }
        CommitMark now = of(layout, prompts);
        require(layout.run(), settings, now.settings);
        require(layout.journal(), journal, now.journal);
        require(layout.profile(), profile, now.profile);
    }

    private static void require(Path file, String committed, String now) {
        if (!committed.equals(now)) {
            throw InputRefused.in(
                    file,
                    "it is not what the run wrote: found sha256 " + now + ", COMMIT says " + committed
                            + "; calibrate again to restore it");
        }
    }
}

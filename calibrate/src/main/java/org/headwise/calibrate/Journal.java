package org.headwise.calibrate;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Collection;
import java.util.SortedMap;
import java.util.TreeMap;
import org.headwise.files.AtomicFile;

/** {@code journal.jsonl}: one line per finished prompt, appended and forced to disk once its shard is. */
final class Journal {
    private final Path file;

    Journal(Path file) {
        this.file = file;
    }

    /** The intact records by index; torn and damaged lines are passed over, of equal indexes the last counts. */
    SortedMap<Integer, JournalRecord> read() {
        SortedMap<Integer, JournalRecord> records = new TreeMap<>();
        byte[] bytes = bytes();
        int begin = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                JournalRecord.parse(Arrays.copyOfRange(bytes, begin, i))
                        .ifPresent(record -> records.put(record.index(), record));
                begin = i + 1;
            }
        }
        return records;
    }

    /** Makes the file hold exactly these records; it is left alone if it does already. */
    void settle(Collection<JournalRecord> records) {
        StringBuilder text = new StringBuilder();
        records.forEach(record -> text.append(record.line()).append('\n'));
        byte[] wanted = text.toString().getBytes(StandardCharsets.UTF_8);
        if (!Files.exists(file) || !Arrays.equals(wanted, bytes())) {
            AtomicFile.write(file, wanted);
        }
    }

    void append(JournalRecord record) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
            ByteBuffer line = ByteBuffer.wrap((record.line() + "\n").getBytes(StandardCharsets.UTF_8));
            while (line.hasRemaining()) {
                channel.write(line);
            }
            channel.force(true);
        } catch (IOException e) {
            throw new UncheckedIOException(file + " could not be written: " + e.getMessage(), e);
        }
    }

    private byte[] bytes() {
        try {
            return Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
        } catch (IOException e) {
            throw new UncheckedIOException(file + " could not be read: " + e.getMessage(), e);
        }
    }
}

package org.headwise.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.headwise.files.InputRefused;

/** Files mapped for reading, whatever their size. */
final class MappedFile {
    private MappedFile() {}

    /** Makes a checkpoint of a file's bytes. */
    @FunctionalInterface
    interface Opener {
        /** @param arena holds the bytes; closed with the checkpoint */
        Checkpoint open(String origin, MemorySegment file, Arena arena);
    }

    /** Maps a file; it is unmapped if the opener refuses it. */
    static Checkpoint open(Path file, Opener opener) {
        Arena arena = Arena.ofShared();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            MemorySegment mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            Checkpoint opened = opener.open(file.toString(), mapped, arena);
            arena = null;
            return opened;
        } catch (NoSuchFileException e) {
            throw InputRefused.in(file, "no such file");
        } catch (IOException e) {
            throw new UncheckedIOException(file + " could not be read: " + e.getMessage(), e);
        } finally {
            if (arena != null) {
                arena.close();
            }
        }
    }
}

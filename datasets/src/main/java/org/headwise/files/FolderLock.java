package org.headwise.files;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One writer at a time in a folder: a lock on the file {@code .lock} in it, which the operating system drops when its
 * process dies. The file says who holds it while it is held, and is empty otherwise.
 */
public final class FolderLock implements AutoCloseable {
    /**
     * Folders held by this process. A second channel on the same file must never be opened here: where locks are
     * POSIX's, closing it would release the first one's lock.
     */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private static final String FILE = ".lock";
    private static final int MOST = 128;

    private final Path folder;
    private final FileChannel channel;

    private FolderLock(Path folder, FileChannel channel) {
        this.folder = folder;
        this.channel = channel;
    }

    /**
     * Locks a folder, which is created if absent.
     *
     * @throws FolderBusy if somebody else holds it
     */
    public static FolderLock acquire(Path folder) {
        Path real;
        try {
            Files.createDirectories(folder);
            real = folder.toRealPath();
        } catch (IOException e) {
            throw new UncheckedIOException(folder + " could not be made: " + e.getMessage(), e);
        }
        if (!HELD.add(real)) {
            throw busy(folder, "another run of this process");
        }
        boolean held = false;
        try {
            FileChannel channel = open(folder, real);
            held = true;
            return new FolderLock(real, channel);
        } catch (IOException e) {
            throw new UncheckedIOException(folder + " could not be locked: " + e.getMessage(), e);
        } finally {
            if (!held) {
                HELD.remove(real);
            }
        }
    }

    private static FileChannel open(Path folder, Path real) throws IOException {
        FileChannel channel = FileChannel.open(
                real.resolve(FILE),
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                LinkOption.NOFOLLOW_LINKS);
        boolean locked = false;
        try {
            locked = channel.tryLock() != null;
            if (!locked) {
                throw busy(folder, holder(channel));
            }
            String text = "process " + ProcessHandle.current().pid() + " since "
                    + Instant.now().truncatedTo(ChronoUnit.SECONDS);
            channel.truncate(0);
            channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), 0);
            return channel;
        } finally {
            if (!locked) {
                channel.close();
            }
        }
    }

    private static String holder(FileChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(MOST);
        channel.read(bytes, 0);
        String text = new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
        return text.matches("process \\d+ since [0-9T:.Z-]+") ? text : "another process";
    }

    private static FolderBusy busy(Path folder, String holder) {
        return new FolderBusy(folder + " is in use by " + holder + "; wait for it to end, or choose another folder");
    }

    /** Lets others in. */
    @Override
    public void close() {
        try (channel) {
            if (channel.isOpen()) {
                channel.truncate(0);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(folder + " could not be unlocked: " + e.getMessage(), e);
        } finally {
            HELD.remove(folder);
        }
    }
}

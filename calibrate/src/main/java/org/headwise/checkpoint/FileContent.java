package org.headwise.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** What a file is, judged by its first bytes and never by its name. */
public enum FileContent {
    SAFETENSORS(null),
    JSON(null),
    EMPTY("the file is empty; fetch it again"),
    PYTORCH_ZIP(null),
    PICKLE(null),
    LFS_POINTER("this is a Git LFS pointer, not the file it stands for; fetch the content with 'git lfs pull'"),
    HTML("this is an HTML page, most likely the answer of a website in place of the file; fetch the file again"),
    GGUF("this is a GGUF file; this version reads safetensors and PyTorch files, convert it"),
    GZIP("this is a gzip file; unpack it first"),
    NUMPY("this is a NumPy array file; this version reads safetensors and PyTorch files, convert it");

    private static final int SNIFFED = 64;

    private final String refusal;

    FileContent(String refusal) {
        this.refusal = refusal;
    }

    /** Why a checkpoint cannot be this, in one clause; null for what can be read. */
    public String refusal() {
        return refusal;
    }

    /** The format's name, for what can be read. */
    String format() {
        return switch (this) {
            case PYTORCH_ZIP -> "PyTorch zip";
            case PICKLE -> "PyTorch legacy";
            default -> name().toLowerCase(Locale.ROOT);
        };
    }

    /** Judges a file. */
    public static FileContent of(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return of(in.readNBytes(SNIFFED), Files.size(file));
        } catch (IOException e) {
            throw new UncheckedIOException(file + " could not be read: " + e.getMessage(), e);
        }
    }

    /** Whatever is nothing else is taken for safetensors, whose reader then says what is wrong with it. */
    static FileContent of(byte[] first, long size) {
        if (size == 0) {
            return EMPTY;
        }
        if (first.length > 8 && first[8] == '{' && plausible(first, size)) {
            // Judged first: a header length may happen to begin with the magic number of another format.
            return SAFETENSORS;
        }
        String text = new String(first, StandardCharsets.ISO_8859_1);
        String start = text.stripLeading().toLowerCase(Locale.ROOT);
        if (text.startsWith("PK\u0003\u0004") || text.startsWith("PK\u0005\u0006")) {
            return PYTORCH_ZIP;
        } else if (first.length > 1 && first[0] == (byte) 0x80 && first[1] >= 2 && first[1] <= 5) {
            return PICKLE;
        } else if (start.startsWith("version https://git-lfs")) {
            return LFS_POINTER;
        } else if (start.startsWith("<!doctype") || start.startsWith("<html") || start.startsWith("<?xml")) {
            return HTML;
        } else if (text.startsWith("GGUF")) {
            return GGUF;
        } else if (text.startsWith("\u001f\u008b")) {
            return GZIP;
        } else if (text.startsWith("\u0093NUMPY")) {
            return NUMPY;
        } else if (start.startsWith("{")) {
            return JSON;
        }
        return SAFETENSORS;
    }

    private static boolean plausible(byte[] first, long size) {
        long length = ByteBuffer.wrap(first).order(ByteOrder.LITTLE_ENDIAN).getLong();
        return length > 0 && length <= size - 8;
    }
}

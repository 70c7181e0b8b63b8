package org.headwise.checkpoint;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Random;
import org.headwise.files.InputRefused;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is done to a good file, it is read or refused with one sentence; nothing else may escape. */
class PyTorchMutationTest {
    private static final int ROUNDS = 1500;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pth_odd",
                "pth_odd_proto4",
                "pth_odd_legacy",
                "pth_trainer",
                "pth_torch2_layout",
                "pth_zip64",
                "pth_deflated"
            })
    void mutationsAreReadOrRefused(String name) throws IOException {
        byte[] good;
        try (InputStream in = PyTorchMutationTest.class.getResourceAsStream("/reference/pth/" + name + ".pth")) {
            good = in.readAllBytes();
        }
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        int refused = 0;
        for (int round = 0; round < ROUNDS; round++) {
            refused += refuses(mutate(good, random), name + ", seed " + seed + ", round " + round) ? 1 : 0;
        }
        assertTrue(refused > ROUNDS / 20, refused + " of " + ROUNDS + " refused, seed " + seed);
    }

    private static byte[] mutate(byte[] good, Random random) {
        byte[] file = good.clone();
        switch (random.nextInt(4)) {
            case 0 -> file = Arrays.copyOf(file, random.nextInt(file.length));
            case 1 -> {
                int from = random.nextInt(file.length);
                int to = random.nextInt(file.length);
                int bytes = random.nextInt(1 + Math.min(64, file.length - Math.max(from, to)));
                System.arraycopy(good, from, file, to, bytes);
            }
            default -> {
                for (int i = random.nextInt(6); i >= 0; i--) {
                    file[random.nextInt(file.length)] = (byte) random.nextInt(256);
                }
            }
        }
        return file;
    }

    private static boolean refuses(byte[] file, String place) {
        try (Checkpoint read = TorchFiles.open(file)) {
            read.names().forEach(name -> read.get(name).toDoubles());
            return false;
        } catch (InputRefused e) {
            if (e.getMessage().contains("\n") || !e.getMessage().startsWith("x.pth: ")) {
                fail(place + ": " + e.getMessage());
            }
            return true;
        } catch (RuntimeException | Error e) {
            return fail(place, e);
        }
    }
}

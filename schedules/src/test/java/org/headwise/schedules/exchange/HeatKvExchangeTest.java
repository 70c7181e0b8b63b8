package org.headwise.schedules.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.headwise.files.InputRefused;
import org.headwise.files.Json;
import org.headwise.model.Geometry;
import org.headwise.model.Grid;
import org.headwise.model.infinity.InfinityGeometries;
import org.headwise.schedules.Budget;
import org.headwise.schedules.Cases;
import org.headwise.schedules.Reference;
import org.headwise.schedules.Schedule;
import org.headwise.schedules.methods.HeatKv;
import org.headwise.schedules.methods.HeatOrders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class HeatKvExchangeTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"2b,0.05", "2b,0.1", "2b,0.25", "8b,0.1"})
    void strictSchedulesOfTheReleasedOrdersAreTheRecordedOnes(String model, String budget) throws Exception {
        Path orders = folder.resolve("orders.json");
        Files.writeString(orders, Reference.text("heatkv-orders-" + model + ".json.gz"));
        Geometry geometry = InfinityGeometries.get("infinity-" + model);
        Schedule schedule =
                HeatKv.plan(geometry, HeatOrdersFile.read(orders, geometry), Budget.parse(budget), 3, Cases.PROVENANCE);
        Path file = folder.resolve("strict.json");
        ScheduleExporter.named("heatkv-strict").write(schedule, file);
        JsonNode recorded = Reference.json("heatkv-strict-" + model + "-" + budget + ".json.gz");
        JsonNode written = Json.read(file);
        assertEquals(List.copyOf(recorded.propertyNames()), List.copyOf(written.propertyNames()));
        for (String name : recorded.propertyNames()) {
            assertEquals(recorded.get(name), written.get(name), name);
        }
        assertEquals(recorded, written);

        // And back: the imported schedule is the planned one, from our file and from the recorded one.
        assertEquals(schedule, HeatKvStrictImport.read(file, null, Cases.PROVENANCE));
        assertEquals(schedule, HeatKvStrictImport.read(recorded, "recorded", geometry, Cases.PROVENANCE));
    }

    @Test
    void ordersAreWrittenAsTheirLoaderReadsThem() throws Exception {
        Geometry geometry = InfinityGeometries.get("infinity-2b");
        JsonNode recorded = Reference.json("heatkv-orders-2b.json.gz");
        HeatOrders orders = Reference.orders(recorded, 32, 16, 3);
        Path file = folder.resolve("orders.json");
        HeatOrdersFile.write(orders, file);
        assertEquals(recorded, Json.read(file));
        assertEquals(orders, HeatOrdersFile.read(file, geometry));
        Files.writeString(
                file,
                "{\"metadata\": {\"num_layers\": 32, \"num_heads\": 16, \"sink_scales\": 3, \"model\": \"x\"}, \"orders\": "
                        + recorded + "}");
        assertEquals(orders, HeatOrdersFile.read(file, geometry));
        Files.writeString(file, "{\"metadata\": {\"num_layers\": 40}, \"orders\": " + recorded + "}");
        String message = assertThrows(InputRefused.class, () -> HeatOrdersFile.read(file, geometry))
                .getMessage();
        assertTrue(message.contains("/metadata/num_layers: found 40, expected 32"), message);
    }

    private static final Geometry SMALL =
            new Geometry("test", 2, 2, 2, 4, List.of(new Grid(1, 1), new Grid(2, 2), new Grid(3, 3), new Grid(4, 4)));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "7",
                "[[[0,0],[0,1],[1,0]]]",
                "[[[0,0],[0,1],[1,0],[1,0]]]",
                "[[[0,0],[0,1],[1,0],[1,2]]]",
                "[[[0,0],[0,1],[1,0],[-1,1]]]",
                "[[[0,0],[0,1],[1,0],[1,1,1]]]",
                "[[[0,0],[0,1],[1,0],[1,\"1\"]]]",
                "[[[0,0],[0,1],[1,0],[1,1.0]]]",
                "[7]",
                "[[],[],[],[]]",
                "[[[0,0],[0,1],[1,0],[1,1]]"
            })
    void badOrdersAreRefused(String text) throws Exception {
        Path file = folder.resolve("orders.json");
        Files.writeString(file, text);
        String message = assertThrows(InputRefused.class, () -> HeatOrdersFile.read(file, SMALL))
                .getMessage();
        assertTrue(message.startsWith(file.toString()), message);
    }

    private static Schedule small(long seed, double share, int protect) {
        Random random = new Random(seed);
        List<List<HeatOrders.Slot>> orders = new ArrayList<>();
        for (int source = protect; source < 3; source++) {
            List<HeatOrders.Slot> order = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                order.add(new HeatOrders.Slot(i % 2, i / 2));
            }
            Collections.shuffle(order, random);
            orders.add(order);
        }
        return HeatKv.plan(
                SMALL,
                new HeatOrders(2, 2, protect, orders),
                new Budget(share, Budget.Meaning.PEAK_INCOMING),
                protect,
                Cases.PROVENANCE);
    }

    @Test
    void strictFilesOfOtherGeometriesComeBackToo() {
        for (long seed = 0; seed < 40; seed++) {
            Random random = new Random(seed);
            Schedule schedule = small(seed, 0.4 + 0.6 * random.nextDouble(), random.nextInt(3));
            Path file = folder.resolve("strict.json");
            new HeatKvStrictFile().write(schedule, file);
            assertEquals(schedule, HeatKvStrictImport.read(file, SMALL, Cases.PROVENANCE), "seed " + seed);
            assertThrows(InputRefused.class, () -> HeatKvStrictImport.read(file, null, Cases.PROVENANCE));
        }
    }

    @Test
    void damagedStrictFilesAreRefusedAndNothingElse() throws Exception {
        Path file = folder.resolve("strict.json");
        new HeatKvStrictFile().write(small(1, 0.5, 1), file);
        byte[] good = Files.readAllBytes(file);
        Schedule whole = HeatKvStrictImport.read(file, SMALL, Cases.PROVENANCE);
        int refused = 0;
        for (long seed = 0; seed < 1500; seed++) {
            Random random = new Random(seed);
            byte[] bytes = good.clone();
            byte[] alphabet = "0123456789[]{},:\"-.a".getBytes(StandardCharsets.UTF_8);
            bytes[random.nextInt(bytes.length)] = alphabet[random.nextInt(alphabet.length)];
            Files.write(file, bytes);
            try {
                Schedule read = HeatKvStrictImport.read(file, SMALL, Cases.PROVENANCE);
                assertEquals(whole.rules(), read.rules(), "seed " + seed);
            } catch (InputRefused e) {
                refused++;
                assertTrue(e.getMessage().startsWith(file.toString()), e.getMessage());
            } catch (RuntimeException | Error e) {
                fail("seed " + seed + ": " + new String(bytes, StandardCharsets.UTF_8), e);
            }
        }
        assertTrue(refused > 1000, refused + " of 1500 refused");
    }

    @Test
    void schedulesThatHeatKvDoesNotPlanAreNotWritten() {
        for (long seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            Schedule other = Cases.randomSchedule(SMALL, random);
            assertThrows(InputRefused.class, () -> HeatKvStrictFile.json(other));
        }
    }
}

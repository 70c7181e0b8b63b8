package org.headwise.analysis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.headwise.attention.AttentionBlock;
import org.headwise.attention.Guidance;
import org.headwise.calibrate.Sums;
import org.headwise.files.InputRefused;
import org.headwise.model.Geometry;
import org.headwise.model.Grid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tech.tablesaw.api.Table;
import tech.tablesaw.io.csv.CsvReadOptions;

class HeadTableTest {
    private static final Geometry GEOMETRY = new Geometry("g", 2, 2, 2, 1, List.of(new Grid(1, 1)));

    @TempDir
    Path folder;

    /** A statistic with chosen numbers. */
    private record Fixed(String name, List<Column> columns) implements Statistic {
        @Override
        public Geometry geometry() {
            return GEOMETRY;
        }

        @Override
        public String title() {
            return name;
        }

        @Override
        public int version() {
            return 1;
        }

        @Override
        public Sums sums() {
            return new Sums();
        }

        @Override
        public boolean wants(Guidance guidance) {
            return false;
        }

        @Override
        public void observe(AttentionBlock block) {
            throw new AssertionError("this test observes no attention");
        }
    }

    private static HeadTable table() {
        return HeadTable.of(
                GEOMETRY,
                List.of(new Fixed(
                        "s",
                        List.of(
                                new Column("a", "nats", "first", new double[] {1 / 3.0, 2, 1e-12, 1234567.8912}),
                                new Column("b", "share", "second", new double[] {0, Double.NaN, 1, 0.5})))));
    }

    @Test
    void csvIsTheSameInEveryLocale() throws Exception {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.GERMANY);
            table().writeCsv(folder.resolve("heads.csv"));
        } finally {
            Locale.setDefault(before);
        }
        assertEquals("""
                layer,head,s.a,s.b
                0,0,0.333333333,0
                0,1,2,
                1,0,1E-12,1
                1,1,1234567.89,0.5
                """, Files.readString(folder.resolve("heads.csv")));
    }

    @Test
    void csvReadsBack() throws Exception {
        PromptProfiles run = PromptProfilesTest.random(PromptProfilesTest.ALL, 1, 2);
        HeadTable table = HeadTable.of(run.whole());
        table.writeCsv(folder.resolve("heads.csv"));
        Table read = Table.read()
                .usingOptions(CsvReadOptions.builder(folder.resolve("heads.csv").toFile()));
        assertEquals(6, read.rowCount());
        assertEquals(table.legend().size() + 2, read.columnCount());
        assertTrue(table.gaps().isEmpty(), table.gaps().toString());
        double[] expected = table.values("dispersion.entropy");
        assertArrayEquals(expected, read.doubleColumn("dispersion.entropy").asDoubleArray(), 1e-8);
    }

    @Test
    void gapsAreReported() {
        assertEquals(List.of("s.b: no value for 1 of 4 heads"), table().gaps());
        assertTrue(table().json().get(1).get("s.b").isNull());
        assertEquals(2.0, table().json().get(1).get("s.a").doubleValue());
        assertEquals(1, table().json().get(1).get("head").intValue());
    }

    @Test
    void textIsSortedAndLimited() {
        assertEquals("""
                layer  head        s.a     s.b
                    1     1  1.235e+06  0.5000
                    0     1      2.000       -
                ... and 2 more heads
                """, table().text("-s.a", List.of(), 2));
        List<String> heads = new ArrayList<>();
        table().text("s.b", List.of("s.b"), 9)
                .lines()
                .skip(1)
                .forEach(l -> heads.add(l.strip().replaceAll(" +", " ")));
        assertEquals(List.of("0 0 0.000", "1 1 0.5000", "1 0 1.000", "0 1 -"), heads);
        assertThrows(InputRefused.class, () -> table().text("s.c", List.of(), 2));
    }

    @Test
    void digitsAreStable() {
        assertEquals("0", Digits.nine(0.0));
        assertEquals("-0.25", Digits.nine(-0.25));
        assertEquals("123456789000", Digits.nine(1.23456789e11));
        assertEquals("1.2E-7", Digits.nine(1.2e-7));
    }
}

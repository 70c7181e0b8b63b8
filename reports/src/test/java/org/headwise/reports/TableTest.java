package org.headwise.reports;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.headwise.reports.Table.Column;
import org.headwise.reports.Table.Spread;
import org.junit.jupiter.api.Test;

class TableTest {
    private static final Table TABLE = new Table(
            "Budgets",
            List.of(
                    Column.text("method"),
                    Column.share("budget"),
                    Column.bytes("KV cache"),
                    Column.spread("PSNR", "dB", 1),
                    Column.real("KL", "nats/bit", 4),
                    Column.integer("N")),
            List.of(
                    Table.row("full cache", 1.0, 2_539_520L, null, Double.NaN, null),
                    Table.row("heatkv", 0.1, 1000L, new Spread(26.54321, 2.1), 0.01094, 20),
                    Table.row("=cmd|x", 0.0033, 1536L, new Spread(Double.POSITIVE_INFINITY, Double.NaN), -0.0, 1)));

    @Test
    void cellsAreShownForReaders() {
        assertEquals(
                List.of("method", "budget", "KV cache", "PSNR, dB", "KL, nats/bit", "N"),
                IntStream.range(0, 6).mapToObj(TABLE::heading).toList());
        List<List<String>> shown = IntStream.range(0, 3)
                .mapToObj(row -> IntStream.range(0, 6)
                        .mapToObj(column -> TABLE.shown(row, column))
                        .toList())
                .toList();
        assertEquals(
                List.of(
                        List.of("full cache", "100%", "2.42 MiB", "\u2013", "\u2013", "\u2013"),
                        List.of("heatkv", "10%", "1000 B", "26.5 \u00b1 2.1", "0.0109", "20"),
                        List.of("=cmd|x", "0.33%", "1.50 KiB", "\u221e", "0.0000", "1")),
                shown);
    }

    @Test
    void csvCarriesRawNumbersAndNoFormulas() {
        assertEquals("""
                method,budget,KV cache [bytes],PSNR [dB],PSNR sd [dB],KL [nats/bit],N
                full cache,1.0,2539520,,,,
                heatkv,0.1,1000,26.54321,2.1,0.01094,20
                "'=cmd|x",0.0033,1536,Infinity,,-0.0,1
                """, TableCsv.of(TABLE));
    }

    @Test
    void hostileCellsStayCells() {
        List<List<Object>> rows = new ArrayList<>();
        Hostile.STRINGS.forEach(s -> rows.add(Table.row(s, 1)));
        Table table = new Table("t", List.of(Column.text("name"), Column.integer("n")), rows);
        List<List<String>> read = CsvReader.read(TableCsv.of(table));
        assertEquals(rows.size() + 1, read.size());
        for (int r = 0; r < rows.size(); r++) {
            String written = read.get(r + 1).getFirst();
            String wanted = Hostile.STRINGS.get(r).replace('\0', '\uFFFD');
            assertEquals(wanted, written.startsWith("'") && !wanted.startsWith("'") ? written.substring(1) : written);
            assertFalse(!written.isEmpty() && "=+-@\t\r\n".indexOf(written.charAt(0)) >= 0, written);
            assertEquals("1", read.get(r + 1).getLast());
        }
    }

    @Test
    void aTableRefusesCellsOfTheWrongKind() {
        List<Column> columns = List.of(Column.integer("n"));
        assertThrows(IllegalArgumentException.class, () -> new Table("t", columns, List.of(Table.row("three"))));
        assertThrows(IllegalArgumentException.class, () -> new Table("t", columns, List.of(Table.row(1, 2))));
    }
}

package org.headwise.workbench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The shell script {@code headwise} in a folder of its own, with JDKs and a Maven that only tell how they were called. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the launcher is a shell script")
class LauncherTest {
    @TempDir
    Path folder;

    private LauncherBox box;

    @BeforeEach
    void prepare() throws IOException {
        box = new LauncherBox(folder);
    }

    @Test
    void takesJavaHomeAndHandsOverEveryArgumentUnchanged() throws Exception {
        Path jdk = box.jdk("my jdks/jdk 25", "25.0.1");
        LauncherBox.Result result = box.javaHome(jdk).run("models", "two words", "", "$HOME", "*");
        assertEquals(0, result.code(), result.err());
        List<String> lines =
                result.out().lines().filter(line -> !line.startsWith("-XX:Max")).toList();
        assertEquals(jdk.resolve("bin/java").toString(), lines.get(0));
        assertEquals(
                List.of(
                        "@" + box.project.resolve("workbench/target/headwise.args"),
                        "-Dheadwise.home=" + box.project,
                        "org.headwise.workbench.Main",
                        "models",
                        "two words",
                        "",
                        "$HOME",
                        "*"),
                lines.subList(1, lines.size()));
    }

    @Test
    void givesWeightsTheMemoryOfTheMachineUnlessToldOtherwise() throws Exception {
        box.javaHome(box.jdk("jdk", "25"));
        List<String> plain = box.run("models").out().lines().toList();
        assertTrue(plain.contains("-XX:MaxRAMPercentage=40"), plain.toString());
        assertTrue(
                plain.stream().anyMatch(line -> line.matches("-XX:MaxDirectMemorySize=[1-9][0-9]*m")),
                plain.toString());
        List<String> told = box.variable("HEADWISE_JAVA_OPTIONS", "-Xmx4g -XX:MaxDirectMemorySize=9g")
                .run("models")
                .out()
                .lines()
                .toList();
        // Of two settings java takes the later one.
        assertEquals(
                "-XX:MaxDirectMemorySize=9g",
                told.stream()
                        .filter(line -> line.contains("MaxDirectMemorySize"))
                        .toList()
                        .getLast());
        assertTrue(told.indexOf("-Xmx4g") < told.indexOf("org.headwise.workbench.Main"), told.toString());
    }

    @Test
    void passesOverAJavaHomeThatIsTooOld() throws Exception {
        Path old = box.jdk("old", "17.0.2");
        Path usual = box.jdk("usual places/temurin 25", "25");
        LauncherBox.Result result = box.javaHome(old).run("--version");
        assertEquals(0, result.code(), result.err());
        assertTrue(result.out().startsWith(usual.resolve("bin/java").toString()), result.out());
    }

    @Test
    void passesOverARuntimeWithoutCompiler() throws Exception {
        Path runtime = box.jdk("runtime", "25.0.1");
        Files.delete(runtime.resolve("bin/javac"));
        LauncherBox.Result result = box.javaHome(runtime).run("--version");
        assertEquals(5, result.code());
        assertTrue(result.err().contains(runtime + " (JAVA_HOME): no javac"), result.err());
    }

    @Test
    void listsWhatItFoundWhenNothingFits() throws Exception {
        Path old = box.jdk("old", "1.8.0_402");
        Path older = box.jdk("usual places/eleven", "11.0.22");
        LauncherBox.Result result = box.javaHome(old).run("--version");
        assertEquals(5, result.code());
        assertEquals("", result.out());
        assertTrue(result.err().contains("needs a JDK 25 or newer"), result.err());
        assertTrue(result.err().contains("1.8.0_402  " + old + " (JAVA_HOME): older than 25"), result.err());
        assertTrue(result.err().contains("11.0.22  " + older), result.err());
        assertTrue(result.err().contains("apt install openjdk-25-jdk"), result.err());
        assertTrue(result.err().contains("brew install openjdk@25"), result.err());
    }

    @Test
    void findsTheJdkBehindALinkOnThePath() throws Exception {
        Path jdk = box.jdk("elsewhere/jdk", "26");
        Files.createSymbolicLink(box.tools.resolve("javac"), jdk.resolve("bin/javac"));
        LauncherBox.Result result = box.run("--version");
        assertEquals(0, result.code(), result.err());
        assertTrue(result.out().startsWith(jdk.resolve("bin/java").toString()), result.out());
    }

    @Test
    void asksJavaItselfWhereThereIsNoReleaseFile() throws Exception {
        Path jdk = box.jdk("bare", "25-ea");
        Files.delete(jdk.resolve("release"));
        assertEquals(0, box.javaHome(jdk).run("--version").code());
        Path old = box.jdk("bare old", "21.0.1");
        Files.delete(old.resolve("release"));
        LauncherBox.Result result = box.javaHome(old).run("--version");
        assertEquals(5, result.code());
        assertTrue(result.err().contains("21.0.1  " + old), result.err());
    }

    @Test
    void worksThroughALinkAndFromAnotherFolder() throws Exception {
        box.javaHome(box.jdk("jdk", "25"));
        Path link = Files.createSymbolicLink(folder.resolve("hw"), box.project.resolve("headwise"));
        LauncherBox.Result result = box.runScript(link, folder, "x");
        assertEquals(0, result.code(), result.err());
        assertTrue(result.out().contains("-Dheadwise.home=" + box.project), result.out());
    }

    @Test
    void buildsOnlyWhenASourceIsNewer() throws Exception {
        Path jdk = box.jdk("jdk", "25");
        box.javaHome(jdk).run("a");
        assertEquals(
                List.of("-B -Dstyle.color=never -Dmaven.test.skip=true -Dspotless.check.skip=true package, with "
                        + jdk),
                box.builds());
        box.run("b");
        assertEquals(1, box.builds().size());

        Path source = box.project.resolve("datasets/src/main/java/A.java");
        later(source, 10);
        box.run("c");
        assertEquals(2, box.builds().size());
        stampLater(20);
        box.run("d");
        assertEquals(2, box.builds().size());

        later(box.project.resolve("datasets/pom.xml"), 30);
        box.run("e");
        assertEquals(3, box.builds().size());
        stampLater(40);

        Files.delete(source);
        later(source.getParent(), 50);
        box.run("f");
        assertEquals(4, box.builds().size());
    }

    @Test
    void buildsAgainInAnotherPlace() throws Exception {
        box.javaHome(box.jdk("jdk", "25")).run("a");
        Path moved = Files.move(box.project, folder.resolve("moved"));
        LauncherBox.Result result = box.runScript(moved.resolve("headwise"), moved, "b");
        assertEquals(0, result.code(), result.err());
        assertEquals(2, box.builds().size());
        assertTrue(result.out().contains("-Dheadwise.home=" + moved), result.out());
    }

    @Test
    void aFailedBuildShowsItsErrorsAndIsTriedAgain() throws Exception {
        box.javaHome(box.jdk("jdk", "25")).failingMaven("[ERROR] A.java:[3,1] ';' expected");
        LauncherBox.Result result = box.run("x");
        assertEquals(1, result.code());
        assertEquals("", result.out());
        assertTrue(result.err().contains("A.java:[3,1] ';' expected"), result.err());
        assertFalse(Files.exists(box.project.resolve("target/headwise.lock")));
        box.maven();
        assertEquals(0, box.run("x").code());
    }

    @Test
    void saysThatMavenIsMissing() throws Exception {
        box.javaHome(box.jdk("jdk", "25"));
        Files.delete(box.tools.resolve("mvn"));
        LauncherBox.Result result = box.run("x");
        assertEquals(5, result.code());
        assertTrue(result.err().contains("needs Maven"), result.err());
    }

    @Test
    void testRunsEverythingAndHandsOnTheExitCode() throws Exception {
        Path jdk = box.jdk("jdk", "25");
        assertEquals(0, box.javaHome(jdk).run("test").code());
        assertEquals(List.of("-B verify, with " + jdk), box.builds());
        box.failingMaven("[ERROR] Tests run: 3, Failures: 1");
        LauncherBox.Result result = box.run("test");
        assertEquals(1, result.code());
        assertTrue(result.out().contains("Tests run: 3, Failures: 1"), result.out());
    }

    @Test
    void twoAtOnceBuildOnce() throws Exception {
        box.javaHome(box.jdk("jdk", "25")).slowMaven();
        Process first = box.start("first");
        Process second = box.start("second");
        LauncherBox.Result one = LauncherBox.Result.of(first);
        LauncherBox.Result two = LauncherBox.Result.of(second);
        assertEquals(0, one.code(), one.err());
        assertEquals(0, two.code(), two.err());
        assertEquals(1, box.builds().size(), box.builds().toString());
    }

    @Test
    void aLockThatADeadBuildLeftIsNoObstacle() throws Exception {
        box.javaHome(box.jdk("jdk", "25"));
        Process dead = new ProcessBuilder("true").start();
        dead.waitFor();
        Path lock = Files.createDirectories(box.project.resolve("target/headwise.lock"));
        Files.writeString(lock.resolve("pid"), dead.pid() + "\n");
        assertEquals(0, box.run("x").code());
        assertFalse(Files.exists(lock));
    }

    private void stampLater(int seconds) throws IOException {
        later(box.project.resolve("workbench/target/headwise.stamp"), seconds);
    }

    private static void later(Path file, int seconds) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(seconds)));
    }
}

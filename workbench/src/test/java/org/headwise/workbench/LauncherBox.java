package org.headwise.workbench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A project folder with a blank in its name that holds the real launcher and nothing else that is real: the PATH has
 * only the tools that the launcher may use, and the usual places of JDKs are a folder of the test.
 */
final class LauncherBox {
    private static final List<String> TOOLS = List.of(
            "cat",
            "dirname",
            "find",
            "grep",
            "head",
            "mkdir",
            "mv",
            "readlink",
            "rm",
            "sed",
            "sh",
            "sleep",
            "tail",
            "uname");

    final Path folder;
    final Path project;
    final Path tools;
    private final Map<String, String> variables = new HashMap<>();
    private String javaHome;

    LauncherBox(Path given) throws IOException {
        folder = given.toRealPath();
        project = folder.resolve("head wise");
        tools = Files.createDirectories(folder.resolve("tools"));
        for (String tool : TOOLS) {
            Files.createSymbolicLink(tools.resolve(tool), onPath(tool));
        }
        write(project.resolve("pom.xml"), "<project/>");
        write(project.resolve("datasets/pom.xml"), "<project/>");
        write(project.resolve("datasets/src/main/java/A.java"), "class A {}");
        String script = Files.readString(Path.of("..", "headwise"));
        String places = "\"" + folder + "/usual places\"/*";
        String moved =
                script.replace("/usr/lib/jvm/*", places).replaceAll(" /(usr|opt|Library|home)/", " /nowhere/$1/");
        executable(project.resolve("headwise"), moved);
        maven();
    }

    /** A JDK of which only the version is real. */
    Path jdk(String name, String version) throws IOException {
        Path jdk = folder.resolve(name);
        write(jdk.resolve("release"), "IMPLEMENTOR=\"Nobody\"\nJAVA_VERSION=\"" + version + "\"\nOS_NAME=\"Linux\"\n");
        executable(
                jdk.resolve("bin/java"),
                "#!/bin/sh\n[ \"$1\" = -version ] && { echo 'openjdk version \"" + version + "\" 2025' >&2; exit; }\n"
                        + "printf '%s\\n' \"$0\" \"$@\"\n");
        executable(jdk.resolve("bin/javac"), "#!/bin/sh\nexit 1\n");
        return jdk;
    }

    /** Sets an environment variable of the script. */
    LauncherBox variable(String name, String value) {
        variables.put(name, value);
        return this;
    }

    LauncherBox javaHome(Path jdk) {
        javaHome = jdk.toString();
        return this;
    }

    /** A Maven that notes how it was called and makes what the build makes. */
    void maven() throws IOException {
        executable(tools.resolve("mvn"), mavenScript(""));
    }

    void failingMaven(String message) throws IOException {
        executable(tools.resolve("mvn"), "#!/bin/sh\necho \"" + message + "\"\nexit 1\n");
    }

    /** A Maven that takes its time and fails if another one runs beside it. */
    void slowMaven() throws IOException {
        executable(tools.resolve("mvn"), mavenScript("mkdir building || exit 1\nsleep 1\nrm -r building\n"));
    }

    private String mavenScript(String work) {
        return "#!/bin/sh\n" + work + "echo \"$*, with $JAVA_HOME\" >>'" + folder + "/builds'\n"
                + "mkdir -p workbench/target\n: >workbench/target/headwise.args\n";
    }

    /** How Maven was called so far. */
    List<String> builds() throws IOException {
        return Files.readAllLines(folder.resolve("builds"));
    }

    Result run(String... arguments) throws IOException, InterruptedException {
        return Result.of(start(arguments));
    }

    Process start(String... arguments) throws IOException {
        return start(project.resolve("headwise"), project, arguments);
    }

    Result runScript(Path script, Path from, String... arguments) throws IOException, InterruptedException {
        return Result.of(start(script, from, arguments));
    }

    private Process start(Path script, Path from, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("/bin/sh", script.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(from.toFile());
        Map<String, String> environment = builder.environment();
        environment.clear();
        environment.putAll(variables);
        environment.put("PATH", tools.toString());
        environment.put("HOME", folder.resolve("home").toString());
        if (javaHome != null) {
            environment.put("JAVA_HOME", javaHome);
        }
        return builder.start();
    }

    private static Path onPath(String tool) {
        for (String folder : System.getenv("PATH").split(":")) {
            if (Files.isExecutable(Path.of(folder, tool))) {
                return Path.of(folder, tool);
            }
        }
        throw new IllegalStateException("the launcher needs " + tool + ", which is not on the PATH");
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private static void executable(Path file, String text) throws IOException {
        write(file, text);
        if (!file.toFile().setExecutable(true)) {
            throw new IOException(file + " cannot be made executable");
        }
    }

    /** How a run of the launcher ended. */
    record Result(int code, String out, String err) {
        static Result of(Process process) throws IOException, InterruptedException {
            process.getOutputStream().close();
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(2, TimeUnit.MINUTES)) {
                process.destroyForcibly();
            }
            return new Result(process.waitFor(), out, err);
        }
    }
}

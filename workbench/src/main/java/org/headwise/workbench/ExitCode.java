package org.headwise.workbench;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** How a command ends: part of the interface, printed in every help and relied on by scripts. */
enum ExitCode {
    OK(0, "done"),
    BUG(1, "a bug of headwise itself; a crash file says more"),
    USAGE(2, "the command line is wrong"),
    REFUSED(3, "an input is refused: missing, corrupt, too new, or it does not fit"),
    CHECK_FAILED(4, "a check failed"),
    NO_RESOURCES(5, "out of memory, disk space, or reading or writing failed"),
    BUSY(75, "another run holds the folder; nothing was touched"),
    INTERRUPTED(130, "interrupted by Ctrl-C; what is finished is kept"),
    TERMINATED(143, "terminated; what is finished is kept");

    final int code;
    final String meaning;

    ExitCode(int code, String meaning) {
        this.code = code;
        this.meaning = meaning;
    }

    /** Codes and meanings, for the help. */
    static Map<String, String> list() {
        Map<String, String> list = new LinkedHashMap<>();
        Arrays.stream(values()).forEach(exit -> list.put(String.format("%4d", exit.code), exit.meaning));
        return list;
    }
}

package org.headwise.workbench;

import java.io.PrintWriter;
import java.io.StringWriter;

/** A command line run in this process, with what it wrote. */
record Run(int code, String out, String err) {
    static Run of(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Main.run(new Terminal(new PrintWriter(out), new PrintWriter(err), false, false), arguments);
        return new Run(code, out.toString(), err.toString());
    }
}

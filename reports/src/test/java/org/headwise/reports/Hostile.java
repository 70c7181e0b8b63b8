package org.headwise.reports;

import java.util.List;

/** Strings that try to become markup, script, style, a formula, a terminal command or a mess. */
final class Hostile {
    static final List<String> STRINGS = List.of(
            "</script><script>alert(1)</script>",
            "<!-- ",
            "--><b>",
            "<img src=x onerror=alert(1)>",
            "\"><svg onload=alert(1)>",
            "' onmouseover='alert(1)",
            "` onclick=`alert(1)",
            "</title></style></head><body onload=alert(1)>",
            "</text></svg><iframe src=javascript:alert(1)>",
            "]]>",
            "&lt;b&gt; &#60;script&#62; &amp;",
            "javascript:alert(1)",
            "${7*7} {{7*7}} <%= 7 %> %s %n",
            "line\u2028separator\u2029paragraph\u0085next",
            "nul\u0000bell\u0007escape\u001b[31mred\u009b0m",
            "lone\ud800surrogate\udc00here \ufffe\uffff",
            "\u202eright to left\u202c \u2067isolate",
            "zero\u200bwidth\u200d\ufeff joined",
            "\ud83d\ude80\ud83d\udc69\u200d\ud83d\udcbb emoji, \u4e2d\u6587, \u0627\u0644\u0639\u0631\u0628\u064a\u0629",
            "=cmd|' /C calc'!A0",
            "+1+1",
            "-2+3",
            "@SUM(A1)",
            "\t=1+1",
            "a,b\"c\"\r\nd;e",
            "../../../etc/passwd",
            "x".repeat(100_000),
            "");

    private Hostile() {}
}

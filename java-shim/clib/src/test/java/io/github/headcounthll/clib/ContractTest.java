// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.clib;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.headcounthll.core.api.ErrorCode;
import io.github.headcounthll.core.state.Progress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said here of headcount.h, held against the header. */
class ContractTest {
    @Test
    void everyFunctionIsDeclaredAsInTheHeader() throws Exception {
        String header = Files.readString(TestLibrary.HEADER).replaceAll("(?s)/\\*.*?\\*/", "");
        List<String> declared = Pattern.compile("(?m)^int32_t hc_[a-z0-9_]+\\([^)]*\\);")
                .matcher(header)
                .results()
                .map(match -> match.group().replaceAll("\\s+", " ").replace(";", ""))
                .sorted()
                .toList();
        List<String> known = Arrays.stream(CFunction.values())
                .map(CFunction::declaration)
                .sorted()
                .toList();
        assertEquals(String.join("\n", declared), String.join("\n", known));
    }

    @Test
    void structsAndValuesAreThoseOfTheCCompiler(@TempDir Path folder) throws Exception {
        TreeMap<String, Long> ours = new TreeMap<>();
        ours.put("sizeof hc_error", (long) Status.ERROR_SIZE);
        ours.put("hc_error.row", (long) Status.ERROR_ROW);
        ours.put("hc_error.message", (long) Status.ERROR_MESSAGE);
        ours.put("sizeof hc_progress", (long) new Progress().words().length * Long.BYTES);
        ours.put("hc_progress.row", 0L);
        ours.put("hc_progress.at", (long) Long.BYTES);
        ours.put("hc_progress.need", 2L * Long.BYTES);
        ours.put("HC_OK", (long) Status.OK);
        ours.put("HC_NEED_SPACE", (long) Status.NEED_SPACE);
        ours.put("HC_AGAIN", (long) Status.AGAIN);
        ours.put("HC_WOULD_BLOCK", (long) Status.WOULD_BLOCK);
        ours.put("HC_ALLOW_LONG", (long) Status.ALLOW_LONG);
        ours.put("HC_PACK_REGISTERS", (long) Status.PACK_REGISTERS);
        ours.put("HC_SET_ASIDE", (long) Status.SET_ASIDE);
        ours.put("HC_ABI_VERSION", (long) LibraryLoader.NEWEST_ABI);
        for (ErrorCode code : statuses()) {
            ours.put("HC_" + code, (long) code.status());
        }

        StringBuilder source = new StringBuilder(
                "#include <stddef.h>\n#include <stdio.h>\n#include \"headcount.h\"\nint main(void) {\n");
        for (String name : ours.keySet()) {
            String expression = name.contains(".") ? "offsetof(" + name.replace('.', ',') + ")" : name;
            source.append("printf(\"")
                    .append(name)
                    .append(" %lld\\n\", (long long)(")
                    .append(expression
                            .replace("sizeof hc_error", "sizeof(hc_error)")
                            .replace("sizeof hc_progress", "sizeof(hc_progress)"))
                    .append("));\n");
        }
        source.append("return 0;\n}\n");
        Path program = Gcc.compile(
                folder.resolve("layout"),
                source.toString(),
                "-I",
                TestLibrary.HEADER.getParent().toString());

        StringBuilder expected = new StringBuilder();
        ours.forEach(
                (name, value) -> expected.append(name).append(' ').append(value).append('\n'));
        assertEquals(Gcc.run(List.of(program.toString())), expected.toString());
    }

    @Test
    void everyStatusOfTheHeaderIsKnown() throws Exception {
        long statuses = Pattern.compile("(?m)^    HC_[A-Z_]+ = \\d+")
                .matcher(Files.readString(TestLibrary.HEADER))
                .results()
                .count();
        assertEquals(statuses, statuses().size() + 4);
    }

    /** The codes that the library can give. */
    private static List<ErrorCode> statuses() {
        return Arrays.stream(ErrorCode.values())
                .filter(code -> code.status() != 0)
                .toList();
    }

    @Test
    void progressIsThreeWords() {
        Progress progress = new Progress();
        progress.words()[0] = 7;
        progress.words()[1] = 8;
        progress.words()[2] = 9;
        assertEquals("7 8 9", progress.row() + " " + progress.at() + " " + progress.need());
    }
}

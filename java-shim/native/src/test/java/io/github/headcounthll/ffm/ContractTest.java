package io.github.headcounthll.ffm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.headcounthll.core.ErrorCode;
import io.github.headcounthll.core.Progress;
import java.lang.foreign.MemoryLayout.PathElement;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What this module says of headcount.h, held against the header. */
class ContractTest {
    @Test
    void everyFunctionIsDeclaredAsInTheHeader() throws Exception {
        String header = Files.readString(TestLibrary.HEADER).replaceAll("(?s)/\\*.*?\\*/", "");
        List<String> declared = Pattern.compile("(?m)^int32_t hc_[a-z0-9_]+\\([^)]*\\);").matcher(header).results()
                .map(match -> match.group().replaceAll("\\s+", " ").replace(";", ""))
                .sorted()
                .toList();
        List<String> known = Arrays.stream(Exports.class.getRecordComponents())
                .map(component -> component.getAnnotation(CSignature.class).value())
                .sorted()
                .toList();
        assertEquals(String.join("\n", declared), String.join("\n", known));
    }

    @Test
    void structsAndValuesAreThoseOfTheCCompiler(@TempDir Path folder) throws Exception {
        TreeMap<String, Long> ours = new TreeMap<>();
        ours.put("sizeof hc_error", Status.ERROR.byteSize());
        ours.put("hc_error.code", Status.ERROR.byteOffset(PathElement.groupElement("code")));
        ours.put("hc_error.row", Status.ERROR.byteOffset(PathElement.groupElement("row")));
        ours.put("hc_error.message", Status.ERROR.byteOffset(PathElement.groupElement("message")));
        ours.put("sizeof hc_progress", Status.PROGRESS.byteSize());
        ours.put("hc_progress.row", Status.PROGRESS.byteOffset(PathElement.groupElement("row")));
        ours.put("hc_progress.at", Status.PROGRESS.byteOffset(PathElement.groupElement("at")));
        ours.put("hc_progress.need", Status.PROGRESS.byteOffset(PathElement.groupElement("need")));
        ours.put("HC_OK", (long) Status.OK);
        ours.put("HC_ROOM", (long) Status.ROOM);
        ours.put("HC_AGAIN", (long) Status.AGAIN);
        ours.put("HC_HEAVY", (long) Status.HEAVY);
        ours.put("HC_MAY_TAKE_LONG", (long) Status.MAY_TAKE_LONG);
        ours.put("HC_SAVE_MEMORY", (long) Status.SAVE_MEMORY);
        ours.put("HC_ABI_VERSION", (long) Library.NEWEST_ABI);
        for (ErrorCode code : statuses()) {
            ours.put("HC_" + code, (long) code.status());
        }

        StringBuilder source = new StringBuilder("#include <stddef.h>\n#include <stdio.h>\n#include \"headcount.h\"\nint main(void) {\n");
        for (String name : ours.keySet()) {
            String expression = name.contains(".") ? "offsetof(" + name.replace('.', ',') + ")" : name;
            source.append("printf(\"").append(name).append(" %lld\\n\", (long long)(").append(
                    expression.replace("sizeof hc_error", "sizeof(hc_error)").replace("sizeof hc_progress", "sizeof(hc_progress)"))
                    .append("));\n");
        }
        source.append("return 0;\n}\n");
        Path program = Gcc.compile(folder.resolve("layout"), source.toString(), "-I", TestLibrary.HEADER.getParent().toString());

        StringBuilder expected = new StringBuilder();
        ours.forEach((name, value) -> expected.append(name).append(' ').append(value).append('\n'));
        assertEquals(Gcc.run(List.of(program.toString())), expected.toString());
    }

    @Test
    void everyStatusOfTheHeaderIsKnown() throws Exception {
        long statuses = Pattern.compile("(?m)^    HC_[A-Z_]+ = \\d+").matcher(Files.readString(TestLibrary.HEADER))
                .results().count();
        assertEquals(statuses, statuses().size() + 4);
    }

    /** The codes that the library can give. */
    private static List<ErrorCode> statuses() {
        return Arrays.stream(ErrorCode.values()).filter(code -> code.status() != 0).toList();
    }

    @Test
    void arraysStandForStructs() {
        assertEquals(Status.ERROR.byteSize(), Status.ERROR_SIZE);
        Progress progress = new Progress();
        assertEquals(Status.PROGRESS.byteSize(), progress.words().length * Long.BYTES);
        progress.words()[0] = 7;
        progress.words()[1] = 8;
        progress.words()[2] = 9;
        assertEquals("7 8 9", progress.row() + " " + progress.at() + " " + progress.need());
    }
}

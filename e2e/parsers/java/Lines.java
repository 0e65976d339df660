// SPDX-License-Identifier: Apache-2.0
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Standard input and output of the parsers: as parse.py says. */
final class Lines {
    interface Parser {
        void parse(String statement) throws Exception;
    }

    static void parse(Parser parser) throws IOException {
        ObjectMapper json = new ObjectMapper();
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            out.println(json.writeValueAsString(error(parser, json.readValue(line, String.class))));
        }
    }

    private static String error(Parser parser, String statement) {
        try {
            parser.parse(statement);
            return "";
        } catch (Exception e) {
            return String.valueOf(e.getMessage()).lines().findFirst().orElse(e.getClass().getName());
        }
    }
}

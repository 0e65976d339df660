// SPDX-License-Identifier: Apache-2.0
import io.trino.sql.parser.SqlParser;

class TrinoParser {
    public static void main(String[] args) throws Exception {
        SqlParser parser = new SqlParser();
        Lines.parse(parser::createStatement);
    }
}

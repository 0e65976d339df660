// SPDX-License-Identifier: Apache-2.0
import com.facebook.presto.sql.parser.ParsingOptions;
import com.facebook.presto.sql.parser.SqlParser;

class PrestoParser {
    public static void main(String[] args) throws Exception {
        SqlParser parser = new SqlParser();
        ParsingOptions options = ParsingOptions.builder().setDecimalLiteralTreatment(ParsingOptions.DecimalLiteralTreatment.AS_DECIMAL).build();
        Lines.parse(statement -> parser.createStatement(statement, options));
    }
}

// SPDX-License-Identifier: Apache-2.0
import org.apache.calcite.config.Lex;
import org.apache.calcite.sql.parser.SqlParser;
import org.apache.calcite.sql.parser.babel.SqlBabelParserImpl;
import org.apache.calcite.sql.validate.SqlConformanceEnum;

class Calcite {
    public static void main(String[] args) throws Exception {
        SqlParser.Config config = SqlParser.config()
                .withParserFactory(SqlBabelParserImpl.FACTORY)
                .withLex(Lex.ORACLE)
                .withConformance(SqlConformanceEnum.BABEL);
        Lines.parse(statement -> SqlParser.create(statement, config).parseStmt());
    }
}

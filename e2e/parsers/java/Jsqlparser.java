// SPDX-License-Identifier: Apache-2.0
import net.sf.jsqlparser.parser.CCJSqlParserUtil;

class Jsqlparser {
    public static void main(String[] args) throws Exception {
        Lines.parse(CCJSqlParserUtil::parse);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.spark.original;

import com.mozilla.spark.sql.hyperloglog.functions.package$;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * spark-hyperloglog on Spark 2.4, as the judge of the jar. Run by java from this file; original.py makes the class path.
 * Arguments: {@code read NAME PATH SCHEMA} makes a view of a Parquet file, {@code write PATH QUERY} writes rows to one. The
 * schema is given because Spark 2.4 infers it by a job whose closure it cannot read on Java 17.
 */
public final class Original {
    private Original() {}

    public static void main(String[] arguments) {
        SparkSession session = SparkSession.builder()
                .master("local[1]")
                .config("spark.ui.enabled", "false")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.sql.shuffle.partitions", "2")
                .config("spark.sql.catalogImplementation", "in-memory")
                .getOrCreate();
        package$.MODULE$.registerUdf();
        for (int i = 0; i < arguments.length; ) {
            if (arguments[i].equals("read")) {
                StructType schema = StructType.fromDDL(arguments[i + 3]);
                session.read().schema(schema).parquet(arguments[i + 2]).createOrReplaceTempView(arguments[i + 1]);
                i += 4;
            } else {
                session.sql(arguments[i + 2]).write().mode(SaveMode.Overwrite).parquet(arguments[i + 1]);
                i += 3;
            }
        }
        session.stop();
    }
}

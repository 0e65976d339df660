// SPDX-License-Identifier: Apache-2.0

package io.github.headcounthll.spark;

import org.apache.spark.sql.SparkSession;

/**
 * The original, spark-hyperloglog 2.1.1, on Spark 2.4: reads {@code FOLDER/ours} (k, s) and {@code FOLDER/ids} (k, id), and
 * writes what it makes of them.
 *
 * <pre>java -cp "JARS/*" Original.java FOLDER</pre>
 */
public final class Original {
    public static void main(String[] arguments) {
        String folder = arguments[0] + "/";
        SparkSession spark = SparkSession.builder()
                .master("local[2]")
                .config("spark.ui.enabled", "false")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.sql.shuffle.partitions", "2")
                .config("spark.sql.warehouse.dir", folder + "warehouse")
                .getOrCreate();
        com.mozilla.spark.sql.hyperloglog.functions.package$.MODULE$.registerUdf();
        spark.read().parquet(folder + "ours").createOrReplaceTempView("ours");
        spark.read().parquet(folder + "ids").createOrReplaceTempView("ids");
        write(spark, "SELECT k, hll_cardinality(s) AS n FROM ours", folder + "cardinalities");
        write(spark, "SELECT k % 10 AS k, hll_cardinality(hll_merge(s)) AS n FROM ours WHERE twelve GROUP BY k % 10", folder + "merged");
        write(spark, "SELECT k, hll_create(id, 12) AS s FROM ids", folder + "created");
        write(spark, "SELECT k, hll_merge(hll_create(id, 12)) AS s FROM ids GROUP BY k", folder + "unions");
        // The README's query.
        write(spark, "SELECT k, hll_cardinality(hll_merge(hll_create(id, 12))) AS n FROM ids GROUP BY k", folder + "readme");
        spark.stop();
    }

    private static void write(SparkSession spark, String query, String path) {
        spark.sql(query).write().parquet(path);
    }
}

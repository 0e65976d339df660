// SPDX-License-Identifier: Apache-2.0
/**
 * The functions for Spark 3.5 and 4, of one jar for Scala 2.12 and 2.13: by extensions
 * ({@link io.github.headcounthll.spark.HeadcountExtensions}) or in a catalog
 * ({@link io.github.headcounthll.spark.HeadcountCatalog}).
 */
package io.github.headcounthll.spark;

// SPDX-License-Identifier: Apache-2.0
/** How Spark runs aggregations of the functions. */
package io.github.headcounthll.spark.plans;

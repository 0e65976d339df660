// SPDX-License-Identifier: Apache-2.0
/** Finds libheadcount in the jar, extracts it and loads it into this process. */
package io.github.headcounthll.spark.library;

// SPDX-License-Identifier: Apache-2.0
/** libheadcount in this process, through java.lang.foreign. */
package io.github.headcounthll.ffm;

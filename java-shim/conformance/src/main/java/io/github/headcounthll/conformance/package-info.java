// SPDX-License-Identifier: Apache-2.0
/** The Java conformance subject. */
package io.github.headcounthll.conformance;

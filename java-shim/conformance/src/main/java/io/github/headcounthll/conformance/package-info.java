/** The Java conformance subject. */
package io.github.headcounthll.conformance;

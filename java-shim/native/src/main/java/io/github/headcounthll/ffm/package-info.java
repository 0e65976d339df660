/**
 * libheadcount in this process, through java.lang.foreign. {@link io.github.headcounthll.ffm.Exports} is the whole
 * foreign surface.
 */
package io.github.headcounthll.ffm;

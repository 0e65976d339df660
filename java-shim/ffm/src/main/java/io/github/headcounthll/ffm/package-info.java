/** libheadcount in this process, through java.lang.foreign. */
package io.github.headcounthll.ffm;

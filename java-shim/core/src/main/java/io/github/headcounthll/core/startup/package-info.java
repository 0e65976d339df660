// SPDX-License-Identifier: Apache-2.0
/**
 * Start-up on one machine: reads {@link Configuration}, checks a library's file, and opens the configured {@link
 * BackendProvider}. {@link Installation} is the entry point.
 */
package io.github.headcounthll.core.startup;

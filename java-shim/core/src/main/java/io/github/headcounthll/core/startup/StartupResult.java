// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.core.startup;

import io.github.headcounthll.core.api.Backend;

/**
 * An opened backend.
 *
 * @param backend the backend to call
 * @param description one line for the log: backend, library, ABI version, kernel
 */
public record StartupResult(Backend backend, String description) {}

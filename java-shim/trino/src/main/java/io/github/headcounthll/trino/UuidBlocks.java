// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.trino;

import io.github.headcounthll.core.api.IdText;
import io.trino.spi.block.Int128ArrayBlock;

/** Trino's blocks of the type uuid, whose halves have their bytes in reverse order. */
final class UuidBlocks {
    private UuidBlocks() {}

    /** The text of a UUID. */
    static byte[] text(Int128ArrayBlock ids, int position) {
        return IdText.uuid(
                Long.reverseBytes(ids.getInt128High(position)), Long.reverseBytes(ids.getInt128Low(position)));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.trino;

import io.airlift.slice.Slice;
import io.trino.spi.block.Block;
import io.trino.spi.block.BlockBuilder;
import io.trino.spi.block.VariableWidthBlock;
import io.trino.spi.block.VariableWidthBlockBuilder;
import io.trino.spi.connector.ConnectorSession;
import io.trino.spi.type.AbstractVariableWidthType;
import io.trino.spi.type.SqlVarbinary;
import io.trino.spi.type.Type;
import io.trino.spi.type.TypeSignature;

/**
 * The SQL type HLL: the bytes of a valid sketch.
 *
 * <p>Neither comparable nor orderable: the same registers have several encodings, so that equal bytes is not what
 * {@code =} would have to mean. A client sees the bytes, as it does of a varbinary.
 */
public final class HllType extends AbstractVariableWidthType {
    static final String NAME = "HLL";

    HllType() {
        super(new TypeSignature(NAME), Slice.class);
    }

    /**
     * The type, for the SPI this runs on. Newer ones describe a type with a TypeDescriptor; their class of this
     * type is compiled against them and found by name.
     */
    static Type forThisSpi() {
        try {
            Class.forName("io.trino.spi.type.TypeDescriptor", false, Type.class.getClassLoader());
        } catch (ClassNotFoundException older) {
            return new HllType();
        }
        try {
            return (Type) Class.forName(HllType.class.getPackageName() + ".spi483.HllType")
                    .getConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException | LinkageError e) {
            throw new IllegalStateException("the type HLL cannot be made for this release of Trino: " + e, e);
        }
    }

    @Override
    public String getDisplayName() {
        return NAME;
    }

    @Override
    public Slice getSlice(Block block, int position) {
        VariableWidthBlock values = (VariableWidthBlock) block.getUnderlyingValueBlock();
        return values.getSlice(block.getUnderlyingValuePosition(position));
    }

    @Override
    public void writeSlice(BlockBuilder out, Slice value) {
        writeSlice(out, value, 0, value.length());
    }

    @Override
    public void writeSlice(BlockBuilder out, Slice value, int offset, int length) {
        ((VariableWidthBlockBuilder) out).writeEntry(value, offset, length);
    }

    @Override
    public Object getObjectValue(ConnectorSession session, Block block, int position) {
        return getObjectValue(block, position);
    }

    /** The form without a session, which replaced the one above before TypeDescriptor came. */
    public Object getObjectValue(Block block, int position) {
        return block.isNull(position)
                ? null
                : new SqlVarbinary(getSlice(block, position).getBytes());
    }
}

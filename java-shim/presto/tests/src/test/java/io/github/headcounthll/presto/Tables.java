// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.presto;

import com.facebook.presto.common.Page;
import com.facebook.presto.common.PageBuilder;
import com.facebook.presto.common.block.BlockBuilder;
import com.facebook.presto.common.type.BigintType;
import com.facebook.presto.common.type.Type;
import io.airlift.slice.Slices;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** Tables whose rows a test puts in; {@link TablesConnector} shows them to SQL as {@code rows.default.NAME}. */
final class Tables {
    private final Map<String, Table> tables = new ConcurrentHashMap<>();

    record Column(String name, Type type) {}

    record Table(List<Column> columns, List<Page> pages) {
        int indexOf(String column) {
            return columns.stream()
                    .map(Column::name)
                    .collect(Collectors.toList())
                    .indexOf(column);
        }
    }

    /** Makes or replaces a table of rows in which null is NULL. */
    void put(String name, List<Column> columns, List<List<Object>> rows) {
        List<Type> types = columns.stream().map(Column::type).collect(Collectors.toList());
        List<Page> pages = new ArrayList<>();
        PageBuilder page = new PageBuilder(types);
        for (List<Object> row : rows) {
            page.declarePosition();
            for (int i = 0; i < types.size(); i++) {
                write(types.get(i), page.getBlockBuilder(i), row.get(i));
            }
            if (page.isFull()) {
                pages.add(page.build());
                page.reset();
            }
        }
        pages.add(page.build());
        put(name, new Table(columns, pages));
    }

    void put(String name, Table table) {
        tables.put(name, table);
    }

    /** Adds a page to a table. */
    void append(String name, Page page) {
        tables.compute(name, (key, table) -> {
            List<Page> pages = new ArrayList<>(table.pages());
            pages.add(page);
            return new Table(table.columns(), pages);
        });
    }

    Table get(String name) {
        return tables.get(name);
    }

    List<String> names() {
        return List.copyOf(tables.keySet());
    }

    private static void write(Type type, BlockBuilder out, Object value) {
        if (value == null) {
            out.appendNull();
        } else if (value instanceof Boolean truth) {
            type.writeBoolean(out, truth);
        } else if (value instanceof Long number) {
            type.writeLong(out, number);
        } else if (value instanceof long[] elements) {
            BlockBuilder array = out.beginBlockEntry();
            for (long element : elements) {
                BigintType.BIGINT.writeLong(array, element);
            }
            out.closeEntry();
        } else if (value instanceof byte[] bytes) {
            type.writeSlice(out, Slices.wrappedBuffer(bytes));
        } else {
            type.writeSlice(out, Slices.wrappedBuffer(((String) value).getBytes(StandardCharsets.UTF_8)));
        }
    }
}

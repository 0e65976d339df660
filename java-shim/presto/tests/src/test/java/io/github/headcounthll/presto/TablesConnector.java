// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.presto;

import com.facebook.presto.common.Page;
import com.facebook.presto.common.block.Block;
import com.facebook.presto.spi.ColumnHandle;
import com.facebook.presto.spi.ColumnMetadata;
import com.facebook.presto.spi.ConnectorHandleResolver;
import com.facebook.presto.spi.ConnectorInsertTableHandle;
import com.facebook.presto.spi.ConnectorOutputTableHandle;
import com.facebook.presto.spi.ConnectorPageSink;
import com.facebook.presto.spi.ConnectorPageSource;
import com.facebook.presto.spi.ConnectorSession;
import com.facebook.presto.spi.ConnectorSplit;
import com.facebook.presto.spi.ConnectorTableHandle;
import com.facebook.presto.spi.ConnectorTableLayout;
import com.facebook.presto.spi.ConnectorTableLayoutHandle;
import com.facebook.presto.spi.ConnectorTableLayoutResult;
import com.facebook.presto.spi.ConnectorTableMetadata;
import com.facebook.presto.spi.Constraint;
import com.facebook.presto.spi.FixedPageSource;
import com.facebook.presto.spi.FixedSplitSource;
import com.facebook.presto.spi.HostAddress;
import com.facebook.presto.spi.NodeProvider;
import com.facebook.presto.spi.PageSinkContext;
import com.facebook.presto.spi.Plugin;
import com.facebook.presto.spi.SchemaTableName;
import com.facebook.presto.spi.SchemaTablePrefix;
import com.facebook.presto.spi.SplitContext;
import com.facebook.presto.spi.connector.Connector;
import com.facebook.presto.spi.connector.ConnectorContext;
import com.facebook.presto.spi.connector.ConnectorFactory;
import com.facebook.presto.spi.connector.ConnectorMetadata;
import com.facebook.presto.spi.connector.ConnectorOutputMetadata;
import com.facebook.presto.spi.connector.ConnectorPageSinkProvider;
import com.facebook.presto.spi.connector.ConnectorPageSourceProvider;
import com.facebook.presto.spi.connector.ConnectorSplitManager;
import com.facebook.presto.spi.connector.ConnectorTransactionHandle;
import com.facebook.presto.spi.schedule.NodeSelectionStrategy;
import com.facebook.presto.spi.statistics.ComputedStatistics;
import com.facebook.presto.spi.transaction.IsolationLevel;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.airlift.slice.Slice;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** {@link Tables} for a PrestoDB in this process: the release has no memory connector that could be installed. */
public final class TablesConnector implements Plugin, ConnectorFactory, Connector {
    static final String NAME = "rows";
    private static final String SCHEMA = "default";
    /** So that partial aggregations have something to combine. */
    private static final int SPLITS = 2;

    private final Tables tables;

    TablesConnector(Tables tables) {
        this.tables = tables;
    }

    /** A table, and all of it: there is but one layout. */
    public record TableHandle(@JsonProperty("name") String name)
            implements ConnectorTableHandle, ConnectorTableLayoutHandle, ConnectorInsertTableHandle {
        @JsonCreator
        public TableHandle {}
    }

    public record Column(@JsonProperty("name") String name) implements ColumnHandle {
        @JsonCreator
        public Column {}
    }

    public enum Transaction implements ConnectorTransactionHandle {
        THE_ONE
    }

    public record Split(
            @JsonProperty("table") String table,
            @JsonProperty("part") int part) implements ConnectorSplit {
        @JsonCreator
        public Split {}

        @Override
        public NodeSelectionStrategy getNodeSelectionStrategy() {
            return NodeSelectionStrategy.NO_PREFERENCE;
        }

        @Override
        public List<HostAddress> getPreferredNodes(NodeProvider nodes) {
            return List.of();
        }

        @Override
        public Object getInfo() {
            return table;
        }
    }

    @Override
    public Iterable<ConnectorFactory> getConnectorFactories() {
        return List.of(this);
    }

    @Override
    public String getName() {
        return NAME;
    }

    @Override
    public Connector create(String catalog, Map<String, String> properties, ConnectorContext context) {
        return this;
    }

    @Override
    public ConnectorHandleResolver getHandleResolver() {
        return new ConnectorHandleResolver() {
            @Override
            public Class<? extends ConnectorTableHandle> getTableHandleClass() {
                return TableHandle.class;
            }

            @Override
            public Class<? extends ConnectorTableLayoutHandle> getTableLayoutHandleClass() {
                return TableHandle.class;
            }

            @Override
            public Class<? extends ConnectorInsertTableHandle> getInsertTableHandleClass() {
                return TableHandle.class;
            }

            @Override
            public Class<? extends ColumnHandle> getColumnHandleClass() {
                return Column.class;
            }

            @Override
            public Class<? extends ConnectorSplit> getSplitClass() {
                return Split.class;
            }

            @Override
            public Class<? extends ConnectorTransactionHandle> getTransactionHandleClass() {
                return Transaction.class;
            }
        };
    }

    @Override
    public ConnectorTransactionHandle beginTransaction(IsolationLevel isolation, boolean readOnly) {
        return Transaction.THE_ONE;
    }

    @Override
    public ConnectorMetadata getMetadata(ConnectorTransactionHandle transaction) {
        return new Metadata();
    }

    @Override
    public ConnectorSplitManager getSplitManager() {
        return (transaction, session, layout, context) -> new FixedSplitSource(IntStream.range(0, SPLITS)
                .mapToObj(part -> new Split(((TableHandle) layout).name(), part))
                .collect(Collectors.toList()));
    }

    @Override
    public ConnectorPageSourceProvider getPageSourceProvider() {
        return new ConnectorPageSourceProvider() {
            @Override
            public ConnectorPageSource createPageSource(
                    ConnectorTransactionHandle transaction,
                    ConnectorSession session,
                    ConnectorSplit split,
                    List<ColumnHandle> columns,
                    SplitContext context) {
                return pages((Split) split, columns);
            }
        };
    }

    @Override
    public ConnectorPageSinkProvider getPageSinkProvider() {
        return new ConnectorPageSinkProvider() {
            @Override
            public ConnectorPageSink createPageSink(
                    ConnectorTransactionHandle transaction,
                    ConnectorSession session,
                    ConnectorOutputTableHandle table,
                    PageSinkContext context) {
                throw new UnsupportedOperationException("CREATE TABLE AS");
            }

            @Override
            public ConnectorPageSink createPageSink(
                    ConnectorTransactionHandle transaction,
                    ConnectorSession session,
                    ConnectorInsertTableHandle table,
                    PageSinkContext context) {
                return new Sink(((TableHandle) table).name());
            }
        };
    }

    /** Appends what is inserted, page by page: a statement that fails leaves a part of its rows. */
    private final class Sink implements ConnectorPageSink {
        private final String table;

        Sink(String table) {
            this.table = table;
        }

        @Override
        public CompletableFuture<?> appendPage(Page page) {
            tables.append(table, page);
            return NOT_BLOCKED;
        }

        @Override
        public CompletableFuture<Collection<Slice>> finish() {
            return CompletableFuture.completedFuture(List.of());
        }

        @Override
        public void abort() {}
    }

    private ConnectorPageSource pages(Split split, List<ColumnHandle> columns) {
        Tables.Table table = tables.get(split.table());
        int[] wanted = columns.stream()
                .mapToInt(column -> table.indexOf(((Column) column).name()))
                .toArray();
        return new FixedPageSource(IntStream.range(0, table.pages().size())
                .filter(i -> i % SPLITS == split.part())
                .mapToObj(i -> chosen(table.pages().get(i), wanted))
                .collect(Collectors.toList()));
    }

    private static Page chosen(Page page, int[] columns) {
        return new Page(
                page.getPositionCount(),
                IntStream.of(columns).mapToObj(page::getBlock).toArray(Block[]::new));
    }

    private final class Metadata implements ConnectorMetadata {
        @Override
        public List<String> listSchemaNames(ConnectorSession session) {
            return List.of(SCHEMA);
        }

        @Override
        public ConnectorTableHandle getTableHandle(ConnectorSession session, SchemaTableName name) {
            boolean known = name.getSchemaName().equals(SCHEMA) && tables.get(name.getTableName()) != null;
            return known ? new TableHandle(name.getTableName()) : null;
        }

        @Override
        public List<ConnectorTableLayoutResult> getTableLayouts(
                ConnectorSession session,
                ConnectorTableHandle table,
                Constraint<ColumnHandle> constraint,
                Optional<Set<ColumnHandle>> columns) {
            return List.of(new ConnectorTableLayoutResult(
                    new ConnectorTableLayout((TableHandle) table), constraint.getSummary()));
        }

        @Override
        public ConnectorTableLayout getTableLayout(ConnectorSession session, ConnectorTableLayoutHandle layout) {
            return new ConnectorTableLayout(layout);
        }

        @Override
        public ConnectorTableMetadata getTableMetadata(ConnectorSession session, ConnectorTableHandle table) {
            String name = ((TableHandle) table).name();
            return new ConnectorTableMetadata(new SchemaTableName(SCHEMA, name), columns(name));
        }

        private List<ColumnMetadata> columns(String table) {
            return tables.get(table).columns().stream()
                    .map(column -> ColumnMetadata.builder()
                            .setName(column.name())
                            .setType(column.type())
                            .build())
                    .collect(Collectors.toList());
        }

        @Override
        public ConnectorInsertTableHandle beginInsert(ConnectorSession session, ConnectorTableHandle table) {
            return (TableHandle) table;
        }

        @Override
        public Optional<ConnectorOutputMetadata> finishInsert(
                ConnectorSession session,
                ConnectorInsertTableHandle table,
                Collection<Slice> fragments,
                Collection<ComputedStatistics> statistics) {
            return Optional.empty();
        }

        @Override
        public List<SchemaTableName> listTables(ConnectorSession session, Optional<String> schema) {
            return tables.names().stream()
                    .map(name -> new SchemaTableName(SCHEMA, name))
                    .collect(Collectors.toList());
        }

        @Override
        public Map<String, ColumnHandle> getColumnHandles(ConnectorSession session, ConnectorTableHandle table) {
            Map<String, ColumnHandle> handles = new LinkedHashMap<>();
            tables.get(((TableHandle) table).name())
                    .columns()
                    .forEach(column -> handles.put(column.name(), new Column(column.name())));
            return handles;
        }

        @Override
        public ColumnMetadata getColumnMetadata(
                ConnectorSession session, ConnectorTableHandle table, ColumnHandle column) {
            String name = ((TableHandle) table).name();
            return columns(name).get(tables.get(name).indexOf(((Column) column).name()));
        }

        @Override
        public Map<SchemaTableName, List<ColumnMetadata>> listTableColumns(
                ConnectorSession session, SchemaTablePrefix prefix) {
            return tables.names().stream()
                    .collect(Collectors.toMap(name -> new SchemaTableName(SCHEMA, name), this::columns));
        }
    }
}

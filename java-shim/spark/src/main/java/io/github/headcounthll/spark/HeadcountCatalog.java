// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.spark;

import io.github.headcounthll.spark.catalog.CatalogFunction;
import io.github.headcounthll.spark.functions.FunctionTable;
import io.github.headcounthll.spark.functions.NamedFunction;
import io.github.headcounthll.spark.plans.SketchStrategy;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.catalyst.analysis.NoSuchFunctionException;
import org.apache.spark.sql.catalyst.analysis.NoSuchNamespaceException;
import org.apache.spark.sql.connector.catalog.FunctionCatalog;
import org.apache.spark.sql.connector.catalog.Identifier;
import org.apache.spark.sql.connector.catalog.NamespaceChange;
import org.apache.spark.sql.connector.catalog.SupportsNamespaces;
import org.apache.spark.sql.connector.catalog.functions.UnboundFunction;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * The functions in a catalog, for a session whose extensions cannot be set. It may be set at any time:
 *
 * <pre>
 * SET spark.sql.catalog.headcount=io.github.headcounthll.spark.HeadcountCatalog;
 * SELECT headcount.fn.hll_cardinality(headcount.fn.hll_merge(sketch)) FROM t;
 * </pre>
 *
 * All functions are in the namespace {@code fn}. The catalog has no tables and cannot be changed.
 */
public final class HeadcountCatalog implements FunctionCatalog, SupportsNamespaces {
    private static final String[] NAMESPACE = {"fn"};

    private String name;

    @Override
    public void initialize(String name, CaseInsensitiveStringMap options) {
        this.name = name;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String[] defaultNamespace() {
        return NAMESPACE.clone();
    }

    private static boolean isFunctions(String[] namespace) {
        return namespace.length == 1 && namespace[0].equalsIgnoreCase(NAMESPACE[0]);
    }

    @Override
    public Identifier[] listFunctions(String[] namespace) throws NoSuchNamespaceException {
        if (namespace.length > 0 && !isFunctions(namespace)) {
            throw new NoSuchNamespaceException(namespace);
        }
        return FunctionTable.functions().stream()
                .map(function -> Identifier.of(NAMESPACE, function.name()))
                .toArray(Identifier[]::new);
    }

    @Override
    public UnboundFunction loadFunction(Identifier identifier) throws NoSuchFunctionException {
        NamedFunction function = FunctionTable.find(identifier.name().toLowerCase(Locale.ROOT));
        if (function == null || !isFunctions(identifier.namespace())) {
            throw new NoSuchFunctionException(identifier);
        }
        SketchStrategy.addToActiveSession();
        return new CatalogFunction(function);
    }

    @Override
    public String[][] listNamespaces() {
        return new String[][] {NAMESPACE.clone()};
    }

    @Override
    public String[][] listNamespaces(String[] namespace) throws NoSuchNamespaceException {
        if (namespace.length == 0) {
            return listNamespaces();
        }
        if (!isFunctions(namespace)) {
            throw new NoSuchNamespaceException(namespace);
        }
        return new String[0][];
    }

    @Override
    public Map<String, String> loadNamespaceMetadata(String[] namespace) throws NoSuchNamespaceException {
        if (!isFunctions(namespace)) {
            throw new NoSuchNamespaceException(namespace);
        }
        return Map.of();
    }

    @Override
    public void createNamespace(String[] namespace, Map<String, String> metadata) {
        throw unchangeable();
    }

    @Override
    public void alterNamespace(String[] namespace, NamespaceChange... changes) {
        throw unchangeable();
    }

    @Override
    public boolean dropNamespace(String[] namespace, boolean cascade) {
        throw unchangeable();
    }

    private UnsupportedOperationException unchangeable() {
        return new UnsupportedOperationException(
                "the catalog " + name + " has the functions of Headcount and cannot be changed");
    }
}

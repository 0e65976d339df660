// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.trino;

import io.github.headcounthll.core.startup.Installation;
import io.trino.spi.Plugin;
import io.trino.spi.type.Type;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The plugin that Trino loads. Everything that can be wrong with a node is found here, before the first query: the
 * server then logs one ERROR line and exits.
 */
public final class HeadcountPlugin implements Plugin {
    private final Installation installation;

    /** For Trino. */
    public HeadcountPlugin() {
        installation = Installation.of(HeadcountPlugin.class);
    }

    /** For tests; see {@link Installation}. */
    public HeadcountPlugin(Map<String, String> environment, Path configurationFolder, Path pluginFolder) {
        installation = new Installation(HeadcountPlugin.class, environment, configurationFolder, pluginFolder);
    }

    @Override
    public Iterable<Type> getTypes() {
        Backends.BACKEND.use(installation.open());
        return List.of(HllType.forThisSpi());
    }

    @Override
    public Set<Class<?>> getFunctions() {
        return FunctionClasses.ALL;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.trino;

import io.github.headcounthll.core.startup.StartupResult;
import io.trino.spi.Plugin;
import io.trino.spi.type.Type;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.logging.Logger;

/**
 * What Trino loads. Everything that can be wrong with a node is found here, before the first query: the server then
 * logs one ERROR line and exits.
 */
public final class HeadcountPlugin implements Plugin {
    private static final Logger LOG = Logger.getLogger(HeadcountPlugin.class.getName());

    private final Map<String, String> environment;
    private final Path configurationFolder;
    private final Path pluginFolder;

    /** For Trino. */
    public HeadcountPlugin() {
        this(System.getenv(), configurationFolder(System.getProperty("config")), pluginFolder());
    }

    /** For a server whose environment, configuration folder (may be null) and plugin folder are given. */
    public HeadcountPlugin(Map<String, String> environment, Path configurationFolder, Path pluginFolder) {
        this.environment = environment;
        this.configurationFolder = configurationFolder;
        this.pluginFolder = pluginFolder;
    }

    @Override
    public Iterable<Type> getTypes() {
        switch (StartupResult.start(environment, configurationFolder, pluginFolder)) {
            case StartupResult.Refused refused -> throw new StartupException(refused.reason());
            case StartupResult.Ready ready -> {
                Backends.use(ready.backend());
                LOG.info("Headcount " + version() + ": " + ready.description());
            }
        }
        return List.of(HllType.forThisSpi());
    }

    @Override
    public Set<Class<?>> getFunctions() {
        return FunctionClasses.ALL;
    }

    /** Trino's launcher names its config.properties in a system property; ours is in the same folder. */
    private static Path configurationFolder(String config) {
        return config == null ? null : Path.of(config).toAbsolutePath().getParent();
    }

    private static Path pluginFolder() {
        CodeSource source = HeadcountPlugin.class.getProtectionDomain().getCodeSource();
        try {
            return Path.of(source.getLocation().toURI()).getParent();
        } catch (URISyntaxException e) {
            throw new StartupException("the plugin's folder is not a path: " + source.getLocation());
        }
    }

    private static String version() {
        String version = HeadcountPlugin.class.getPackage().getImplementationVersion();
        return version == null ? "(not packaged)" : version;
    }
}

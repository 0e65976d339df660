package io.github.headcounthll.core;

import java.nio.file.Path;
import java.util.Map;

/** The steps behind {@link Node#start}. */
final class Startup {
    private Startup() {}

    static Node start(Map<String, String> environment, Path configurationFolder, Path pluginFolder) {
        return new Node.Refused("not written yet");
    }
}

package io.github.headcounthll.ffm;

import io.github.headcounthll.core.BackendProvider;
import io.github.headcounthll.core.Configuration;
import io.github.headcounthll.core.Node;

/** Chosen by {@code headcount.backend=native}. */
public final class NativeBackendProvider implements BackendProvider {
    @Override
    public String name() {
        return "native";
    }

    @Override
    public Node open(Configuration configuration) {
        return NativeBackend.open(configuration.libraryPath());
    }
}

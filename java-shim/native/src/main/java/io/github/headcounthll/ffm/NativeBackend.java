package io.github.headcounthll.ffm;

import io.github.headcounthll.core.Backend;
import io.github.headcounthll.core.Functions;
import io.github.headcounthll.core.GroupedSketches;
import io.github.headcounthll.core.Node;
import io.github.headcounthll.core.SlotSketches;
import java.nio.file.Path;

/** libheadcount in this process. */
public final class NativeBackend implements Backend {
    private final Functions functions = new NativeFunctions();

    NativeBackend() {}

    /** Opens the library at an absolute path, and says everything that is wrong with it as a {@link Node.Refused}. */
    public static Node open(Path library) {
        return Library.open(library);
    }

    @Override
    public Functions functions() {
        return functions;
    }

    @Override
    public GroupedSketches newSketches(int groups) {
        return new SlotSketches(NativeStates::new, groups);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.spark.state;

import java.util.Map;
import org.apache.spark.TaskContext;
import org.apache.spark.memory.MemoryConsumer;
import org.apache.spark.memory.MemoryMode;
import org.apache.spark.memory.SparkOutOfMemoryError;
import org.apache.spark.util.TaskCompletionListener;

/**
 * Counts the memory of an aggregation's states with Spark's memory manager, which makes sorts and joins of the task
 * spill for it. States do not spill themselves: aggregations sort by group before there are many. Not thread-safe.
 */
class TaskMemory extends MemoryConsumer {
    /** The manager is asked for at least as much at once. */
    private static final long STEP = 1 << 20;

    private long counted;

    private TaskMemory(TaskContext task) {
        super(task.taskMemoryManager(), MemoryMode.ON_HEAP);
        // Spark reports what a task has not given back as a leak.
        task.addTaskCompletionListener((TaskCompletionListener) ended -> freeMemory(getUsed()));
    }

    /** Memory of the task that runs in this thread; null outside a task. */
    static TaskMemory ofTask() {
        TaskContext task = TaskContext.get();
        return task == null ? null : new TaskMemory(task);
    }

    /**
     * Counts more bytes, or fewer if negative.
     *
     * @throws SparkOutOfMemoryError if Spark has no more memory for the task
     */
    void count(long bytes) {
        long missing = counted + bytes - getUsed();
        if (missing > 0) {
            long granted = acquireMemory(Math.max(missing, STEP));
            if (granted < missing) {
                freeMemory(granted);
                throw new SparkOutOfMemoryError(
                        "UNABLE_TO_ACQUIRE_MEMORY",
                        Map.of("requestedBytes", String.valueOf(missing), "receivedBytes", String.valueOf(granted)));
            }
        }
        counted += bytes;
    }

    @Override
    public long spill(long size, MemoryConsumer trigger) {
        return 0;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.spark.plans;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import scala.collection.JavaConverters;
import scala.collection.Seq;

/**
 * Calls of Spark's methods that have one signature with Scala 2.12 and another with 2.13, or that are in classes with
 * another name in Spark 4. They are made while a query is planned, not for rows.
 */
final class ScalaCalls {
    private ScalaCalls() {}

    /** Calls the public method of this name and number of arguments. */
    static Object call(Object target, String name, Object... arguments) {
        return call(target, target.getClass(), name, arguments);
    }

    /** As {@link #call(Object, String, Object...)}, of a method that {@code owner} declares or inherits. */
    static Object call(Object target, Class<?> owner, String name, Object... arguments) {
        Method method = Arrays.stream(owner.getMethods())
                .filter(m -> m.getName().equals(name) && m.getParameterCount() == arguments.length)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        "headcount: this version of Spark has no " + owner.getName() + "." + name));
        try {
            return method.invoke(target, arguments);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    /** The sequence that a method without arguments returns. */
    @SuppressWarnings("unchecked")
    static <T> List<T> list(Object target, String name) {
        return JavaConverters.seqAsJavaList((Seq<T>) call(target, name));
    }
}

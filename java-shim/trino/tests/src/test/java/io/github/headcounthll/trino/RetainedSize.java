// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.trino;

import io.airlift.slice.SizeOf;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/**
 * The heap that a state holds: a walk over the fields of this project's own classes and over arrays. What all states
 * share (the backend, method handles, enums, classes) is not the state's.
 */
final class RetainedSize {
    private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    private long bytes;

    private RetainedSize() {}

    static long of(Object state) {
        RetainedSize size = new RetainedSize();
        size.visit(state);
        return size.bytes;
    }

    private void visit(Object object) {
        if (object == null || !seen.add(object)) {
            return;
        }
        Class<?> type = object.getClass();
        if (type.isArray()) {
            visitArray(object, type.getComponentType());
        } else if (isOurs(type) && !isShared(type)) {
            bytes += SizeOf.instanceSize(type);
            for (Class<?> c = type; c != Object.class; c = c.getSuperclass()) {
                visitFields(object, c);
            }
        }
    }

    private void visitArray(Object array, Class<?> component) {
        int length = Array.getLength(array);
        bytes += switch (component.getName()) {
            case "byte", "boolean" -> SizeOf.sizeOfByteArray(length);
            case "int" -> SizeOf.sizeOfIntArray(length);
            case "long" -> SizeOf.sizeOfLongArray(length);
            case "short" -> SizeOf.sizeOfShortArray(length);
            case "double" -> SizeOf.sizeOfDoubleArray(length);
            default -> SizeOf.sizeOfObjectArray(length);
        };
        if (!component.isPrimitive()) {
            for (Object element : (Object[]) array) {
                visit(element);
            }
        }
    }

    private void visitFields(Object object, Class<?> type) {
        for (Field field : type.getDeclaredFields()) {
            if (!Modifier.isStatic(field.getModifiers()) && !field.getType().isPrimitive()) {
                field.setAccessible(true);
                try {
                    visit(field.get(object));
                } catch (IllegalAccessException e) {
                    throw new IllegalStateException(e);
                }
            }
        }
    }

    private static boolean isOurs(Class<?> type) {
        return type.getName().startsWith("io.github.headcounthll.");
    }

    /** One for the plugin, not one for a state. */
    private static boolean isShared(Class<?> type) {
        return type.isEnum()
                || type.getName().startsWith("io.github.headcounthll.ffm.")
                || type.getName().equals("io.github.headcounthll.sidecar.Aggregates");
    }
}

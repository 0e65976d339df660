package io.github.headcounthll.ffm;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.util.Arrays;

/** A function as headcount.h declares it, word for word; its descriptor is read off the text. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
@interface CSignature {
    /** The declaration without its semicolon. */
    String value();

    /** Reads declarations that return int32_t and take pointers, int32_t and int64_t. */
    final class Reader {
        private Reader() {}

        static String name(String declaration) {
            return declaration.substring("int32_t ".length(), declaration.indexOf('('));
        }

        static FunctionDescriptor descriptor(String declaration) {
            if (!declaration.startsWith("int32_t ")) {
                throw new IllegalArgumentException("no int32_t is returned: " + declaration);
            }
            String parameters = declaration.substring(declaration.indexOf('(') + 1, declaration.lastIndexOf(')'));
            if (parameters.equals("void")) {
                return FunctionDescriptor.of(JAVA_INT);
            }
            return FunctionDescriptor.of(JAVA_INT,
                    Arrays.stream(parameters.split(",")).map(Reader::layout).toArray(MemoryLayout[]::new));
        }

        private static MemoryLayout layout(String parameter) {
            if (parameter.contains("*")) {
                return ADDRESS;
            }
            return switch (parameter.strip().split(" ")[0]) {
                case "int32_t" -> JAVA_INT;
                case "int64_t" -> JAVA_LONG;
                default -> throw new IllegalArgumentException("no type of the contract: " + parameter);
            };
        }
    }
}

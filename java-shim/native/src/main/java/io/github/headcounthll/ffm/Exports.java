package io.github.headcounthll.ffm;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;

/** The functions of headcount.h. A test compares each line with the header. */
record Exports(
        @CSignature("int32_t hc_abi_version(void)")
        Export abiVersion,
        @CSignature("int32_t hc_describe(char *out, int32_t capacity)")
        Export describe,
        @CSignature("int32_t hc_check(const uint8_t *data, int64_t size, const int32_t *starts, const int32_t *lengths, int32_t rows, hc_error *error)")
        Export check,
        @CSignature("int32_t hc_precision(const uint8_t *data, int64_t size, const int32_t *starts, const int32_t *lengths, int32_t rows, int64_t *out, hc_error *error)")
        Export precision,
        @CSignature("int32_t hc_cardinality(const uint8_t *data, int64_t size, const int32_t *starts, const int32_t *lengths, int32_t rows, int64_t *out, hc_error *error)")
        Export cardinality,
        @CSignature("int32_t hc_compatible_estimate(const uint8_t *data, int64_t size, const int32_t *starts, const int32_t *lengths, int32_t rows, double *out, hc_error *error)")
        Export compatibleEstimate,
        @CSignature("int32_t hc_estimate(const uint8_t *data, int64_t size, const int32_t *starts, const int32_t *lengths, int32_t rows, double *out, hc_error *error)")
        Export estimate,
        @CSignature("int32_t hc_bounds(const uint8_t *data, int64_t size, const int32_t *starts, const int32_t *lengths, int32_t rows, int64_t sigmas, double *out, hc_error *error)")
        Export bounds,
        @CSignature("int32_t hc_intersection(const uint8_t *a_data, int64_t a_size, const int32_t *a_starts, const int32_t *a_lengths, const uint8_t *b_data, int64_t b_size, const int32_t *b_starts, const int32_t *b_lengths, int32_t rows, double *out, hc_error *error)")
        Export intersection,
        @CSignature("int32_t hc_jaccard(const uint8_t *a_data, int64_t a_size, const int32_t *a_starts, const int32_t *a_lengths, const uint8_t *b_data, int64_t b_size, const int32_t *b_starts, const int32_t *b_lengths, int32_t rows, double *out, hc_error *error)")
        Export jaccard,
        @CSignature("int32_t hc_create(const uint8_t *data, int64_t size, const int32_t *starts, const int32_t *lengths, int32_t rows, int64_t precision, uint8_t *out, int64_t capacity, int32_t *ends, hc_progress *progress, hc_error *error)")
        Export create,
        @CSignature("int32_t hc_empty(int64_t precision, uint8_t *out, int64_t capacity, int32_t *ends, hc_progress *progress, hc_error *error)")
        Export empty,
        @CSignature("int32_t hc_union(const uint8_t *a_data, int64_t a_size, const int32_t *a_starts, const int32_t *a_lengths, const uint8_t *b_data, int64_t b_size, const int32_t *b_starts, const int32_t *b_lengths, int32_t rows, uint8_t *out, int64_t capacity, int32_t *ends, hc_progress *progress, hc_error *error)")
        Export union,
        @CSignature("int32_t hc_reduce(const uint8_t *data, int64_t size, const int32_t *starts, const int32_t *lengths, int32_t rows, int64_t precision, uint8_t *out, int64_t capacity, int32_t *ends, hc_progress *progress, hc_error *error)")
        Export reduce,
        @CSignature("int32_t hc_state_merge(uint8_t *state, int64_t state_size, const int32_t *slots, const int32_t *capacities, const uint8_t *data, int64_t size, const int32_t *starts, const int32_t *lengths, int32_t rows, int32_t flags, hc_progress *progress, hc_error *error)")
        Export stateMerge,
        @CSignature("int32_t hc_state_add(uint8_t *state, int64_t state_size, const int32_t *slots, const int32_t *capacities, const uint8_t *data, int64_t size, const int32_t *starts, const int32_t *lengths, int32_t rows, int64_t precision, int32_t flags, hc_progress *progress, hc_error *error)")
        Export stateAdd,
        @CSignature("int32_t hc_state_add_int64(uint8_t *state, int64_t state_size, const int32_t *slots, const int32_t *capacities, const int64_t *values, int32_t rows, int64_t precision, int32_t flags, hc_progress *progress, hc_error *error)")
        Export stateAddInt64,
        @CSignature("int32_t hc_state_encode(uint8_t *state, int64_t state_size, const int32_t *slots, const int32_t *capacities, int32_t rows, int32_t flags, uint8_t *out, int64_t capacity, int32_t *ends, hc_progress *progress, hc_error *error)")
        Export stateEncode) {

    /** The library does not export what the contract says. */
    static final class MissingException extends Exception {
        MissingException(String name) {
            super(name);
        }
    }

    /** Finds every function in a library. */
    static Exports bind(SymbolLookup library) throws MissingException {
        RecordComponent[] components = Exports.class.getRecordComponents();
        Object[] exports = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            exports[i] = bind(library, components[i].getAnnotation(CSignature.class).value());
        }
        Class<?>[] types = Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
            return Exports.class.getDeclaredConstructor(types).newInstance(exports);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    /** Finds one function, given as it is declared. */
    static Export bind(SymbolLookup library, String declaration) throws MissingException {
        String name = CSignature.Reader.name(declaration);
        FunctionDescriptor descriptor = CSignature.Reader.descriptor(declaration);
        MemorySegment symbol = library.find(name).orElseThrow(() -> new MissingException(name));
        Linker linker = Linker.nativeLinker();
        return new Export(
                linker.downcallHandle(symbol, descriptor, Linker.Option.critical(true)),
                linker.downcallHandle(symbol, descriptor));
    }
}

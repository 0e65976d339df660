package io.github.headcounthll.library;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The functions of headcount.h, each as it is declared there, word for word; a test compares them with the header. All
 * return int32_t.
 */
public enum CFunction {
    ABI_VERSION("int32_t hc_abi_version(void)"),
    DESCRIBE("int32_t hc_describe(char *out, int32_t capacity)"),
    CHECK("int32_t hc_hll_check(const uint8_t *data, int64_t size, const int32_t *starts, const int32_t *lengths, int32_t rows, hc_error *error)"),
    PRECISION("int32_t hc_hll_precision(const uint8_t *data, int64_t size, const int32_t *starts, const int32_t *lengths, int32_t rows, int64_t *out, hc_error *error)"),
    CARDINALITY("int32_t hc_hll_cardinality(const uint8_t *data, int64_t size, const int32_t *starts, const int32_t *lengths, int32_t rows, int64_t *out, hc_error *error)"),
    COMPATIBLE_ESTIMATE("int32_t hc_hll_compatible_estimate(const uint8_t *data, int64_t size, const int32_t *starts, const int32_t *lengths, int32_t rows, double *out, hc_error *error)"),
    ESTIMATE("int32_t hc_hll_estimate(const uint8_t *data, int64_t size, const int32_t *starts, const int32_t *lengths, int32_t rows, double *out, hc_error *error)"),
    BOUNDS("int32_t hc_hll_bounds(const uint8_t *data, int64_t size, const int32_t *starts, const int32_t *lengths, int32_t rows, int64_t sigmas, double *out, hc_error *error)"),
    INTERSECTION("int32_t hc_hll_intersection(const uint8_t *a_data, int64_t a_size, const int32_t *a_starts, const int32_t *a_lengths, const uint8_t *b_data, int64_t b_size, const int32_t *b_starts, const int32_t *b_lengths, int32_t rows, double *out, hc_error *error)"),
    JACCARD("int32_t hc_hll_jaccard(const uint8_t *a_data, int64_t a_size, const int32_t *a_starts, const int32_t *a_lengths, const uint8_t *b_data, int64_t b_size, const int32_t *b_starts, const int32_t *b_lengths, int32_t rows, double *out, hc_error *error)"),
    CREATE("int32_t hc_hll_create(const uint8_t *data, int64_t size, const int32_t *starts, const int32_t *lengths, int32_t rows, int64_t precision, uint8_t *out, int64_t capacity, int32_t *ends, hc_progress *progress, hc_error *error)"),
    EMPTY("int32_t hc_hll_empty(int64_t precision, uint8_t *out, int64_t capacity, int32_t *ends, hc_progress *progress, hc_error *error)"),
    UNION("int32_t hc_hll_union(const uint8_t *a_data, int64_t a_size, const int32_t *a_starts, const int32_t *a_lengths, const uint8_t *b_data, int64_t b_size, const int32_t *b_starts, const int32_t *b_lengths, int32_t rows, uint8_t *out, int64_t capacity, int32_t *ends, hc_progress *progress, hc_error *error)"),
    REDUCE("int32_t hc_hll_reduce(const uint8_t *data, int64_t size, const int32_t *starts, const int32_t *lengths, int32_t rows, int64_t precision, uint8_t *out, int64_t capacity, int32_t *ends, hc_progress *progress, hc_error *error)"),
    STATE_MERGE("int32_t hc_hll_state_merge(uint8_t *state, int64_t state_size, const int32_t *slots, const int32_t *capacities, const uint8_t *data, int64_t size, const int32_t *starts, const int32_t *lengths, int32_t rows, int32_t flags, hc_progress *progress, hc_error *error)"),
    STATE_ADD("int32_t hc_hll_state_add(uint8_t *state, int64_t state_size, const int32_t *slots, const int32_t *capacities, const uint8_t *data, int64_t size, const int32_t *starts, const int32_t *lengths, int32_t rows, int64_t precision, int32_t flags, hc_progress *progress, hc_error *error)"),
    STATE_ADD_INT64("int32_t hc_hll_state_add_int64(uint8_t *state, int64_t state_size, const int32_t *slots, const int32_t *capacities, const int64_t *values, int32_t rows, int64_t precision, int32_t flags, hc_progress *progress, hc_error *error)"),
    STATE_ENCODE("int32_t hc_hll_state_encode(uint8_t *state, int64_t state_size, const int32_t *slots, const int32_t *capacities, int32_t rows, int32_t flags, uint8_t *out, int64_t capacity, int32_t *ends, hc_progress *progress, hc_error *error)");

    /** What a parameter is, as far as a call has to know. */
    public enum Parameter {
        POINTER,
        INT32,
        INT64;

        private static Parameter of(String declaration) {
            if (declaration.contains("*")) {
                return POINTER;
            }
            return switch (declaration.strip().split(" ")[0]) {
                case "int32_t" -> INT32;
                case "int64_t" -> INT64;
                default -> throw new IllegalArgumentException("no type of the contract: " + declaration);
            };
        }
    }

    private final String declaration;
    private final List<Parameter> parameters;
    private final boolean fillsError;

    CFunction(String declaration) {
        this.declaration = declaration;
        String list = declaration.substring(declaration.indexOf('(') + 1, declaration.lastIndexOf(')'));
        parameters = list.equals("void")
                ? List.of()
                : Arrays.stream(list.split(",")).map(Parameter::of).collect(Collectors.toUnmodifiableList());
        fillsError = list.endsWith("hc_error *error");
    }

    /** The declaration without its semicolon. */
    public String declaration() {
        return declaration;
    }

    /** The name that the library exports. */
    public String symbol() {
        return declaration.substring("int32_t ".length(), declaration.indexOf('('));
    }

    /** In their order. */
    public List<Parameter> parameters() {
        return parameters;
    }

    /** Is the last parameter an {@code hc_error}? */
    boolean fillsError() {
        return fillsError;
    }
}

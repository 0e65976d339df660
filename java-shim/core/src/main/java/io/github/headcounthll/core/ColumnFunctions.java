package io.github.headcounthll.core;

/**
 * The calls of one argument, for a column at once and with a refusal of its own for each row: what a backend offers
 * for which a call a row would be dear. Any thread may call at any time.
 */
public interface ColumnFunctions {
    /** What to call; of each the {@link Functions} method of the same name. */
    enum Call {
        CHECK,
        PRECISION,
        CARDINALITY,
        ESTIMATE,
        /** The parameter is the sigmas. */
        BOUNDS,
        /** The parameter is the precision. */
        CREATE,
        /** The parameter is the precision. */
        REDUCE;

        /** How many doubles a row's answer has, where it is doubles. */
        int width() {
            return this == BOUNDS ? 2 : 1;
        }
    }

    /** One answer, or one refusal, for each row. */
    Answers answer(Call call, Column column, long parameter);
}

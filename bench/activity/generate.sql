-- Simulated activity, day by day, for a file of any size: {rows} rows of {clients} clients over {days} days, with
-- four dimensions whose values are as uneven as real ones. The same text makes the same file.
COPY (
    WITH seen AS (
        -- A client is as likely on one row as on another, so some have two rows on a day and some none.
        SELECT CAST(n * {days} // {rows} AS INTEGER) AS day, hash(n) % {clients} AS client
        FROM range({rows}) AS rows (n)
    ),
    shares AS (
        -- Four numbers in [0, 1) that are a client's own; the powers below make the first values the most frequent.
        SELECT day, client,
               (hash(client * 8 + 1) >> 11) / 9007199254740992.0 AS a,
               (hash(client * 8 + 2) >> 11) / 9007199254740992.0 AS b,
               (hash(client * 8 + 3) >> 11) / 9007199254740992.0 AS c,
               (hash(client * 8 + 4) >> 11) / 9007199254740992.0 AS d,
               md5(CAST(client AS VARCHAR)) AS id
        FROM seen
    )
    SELECT
        concat_ws('-', id[1:8], id[9:12], id[13:16], id[17:20], id[21:32]) AS client_id,
        DATE '2016-09-05' + day AS activitydate,
        ['release', 'beta', 'nightly', 'aurora'][1 + CAST(floor(4 * pow(a, 4)) AS INTEGER)] AS normalizedchannel,
        printf('%03d', CAST(floor(100 * pow(b, 6)) AS INTEGER)) AS country,
        printf('%d.0', 50 - CAST(floor(30 * pow(c, 8)) AS INTEGER)) AS version,
        ['Windows_NT', 'Darwin', 'Linux', 'Android', 'Other'][1 + CAST(floor(5 * pow(d, 6)) AS INTEGER)] AS os
    FROM shares
) TO '{path}' (FORMAT parquet, COMPRESSION zstd);

-- What has to be kept: bytes of the files of the pings, and of the sketches.
SELECT sum(bytes) AS bytes
FROM (SELECT DISTINCT "$path" AS path, "$file_size" AS bytes FROM practices.pings) AS files;

SELECT sum(bytes) AS bytes
FROM (SELECT DISTINCT "$path" AS path, "$file_size" AS bytes FROM practices.client_count) AS files;

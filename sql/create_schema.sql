-- The schema of every statement here: hive.default (trino --catalog hive --schema default).
CREATE SCHEMA IF NOT EXISTS "default";

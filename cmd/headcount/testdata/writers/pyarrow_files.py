# SPDX-License-Identifier: Apache-2.0
"""Files of PyArrow: types of days and ids, encodings, compressions, columns that cannot be dimensions."""

import base64
import datetime
import decimal

import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow.parquet import encryption

from rows import DAYS, NUMBERS, OSES, TEXTS, UUIDS, expect, finish, path, reference

reference()


def write(name, *args, client_id=None, day=None, ids="uuid", error=None, way_out=None, note=None, more=None, **options):
    columns = {
        "client_id": client_id if client_id is not None else pa.array(TEXTS),
        "activitydate": day if day is not None else pa.array(DAYS, pa.date32()),
        "os": pa.array(OSES, pa.string()),
    }
    columns.update(more or {})
    pq.write_table(pa.table(columns), path(name), row_group_size=1500, data_page_size=4000, **options)
    expect(name, *args, ids=ids, error=error, way_out=way_out, note=note)


for codec in ("none", "snappy", "gzip", "brotli", "zstd", "lz4"):
    write(f"pyarrow-{codec}.parquet", compression=codec)
for encoding in ("PLAIN", "DELTA_BYTE_ARRAY", "DELTA_LENGTH_BYTE_ARRAY"):
    write(f"pyarrow-{encoding}.parquet", use_dictionary=False, column_encoding={"client_id": encoding})
write("pyarrow-split.parquet", client_id=pa.array(NUMBERS, pa.int64()), ids="int", use_dictionary=False,
      column_encoding={"client_id": "BYTE_STREAM_SPLIT", "activitydate": "BYTE_STREAM_SPLIT"})
write("pyarrow-1.0.parquet", version="1.0", data_page_version="2.0", write_page_index=True, write_page_checksum=True)

noon = [datetime.datetime.combine(d, datetime.time(12)) for d in DAYS]
for unit in ("s", "ms", "us", "ns"):
    write(f"pyarrow-timestamp-{unit}.parquet", day=pa.array(noon, pa.timestamp(unit)), note="activitydate is TIMESTAMP")
    write(f"pyarrow-timestamp-utc-{unit}.parquet", day=pa.array(noon, pa.timestamp(unit, "UTC")), note="time zone UTC")
write("pyarrow-int96.parquet", day=pa.array(noon, pa.timestamp("ns")), use_deprecated_int96_timestamps=True, note="INT96")
# Half past midnight in Berlin is the day before in UTC.
midnight = [datetime.datetime.combine(d, datetime.time(0, 30)) - datetime.timedelta(hours=2) for d in DAYS]
write("pyarrow-berlin.parquet", "--time-zone", "Europe/Berlin", day=pa.array(midnight, pa.timestamp("ms", "UTC")))
write("pyarrow-day-text.parquet", day=pa.array([d.isoformat() for d in DAYS]))
write("pyarrow-day-digits.parquet", day=pa.array([d.strftime("%Y%m%d") for d in DAYS]))
write("pyarrow-day-number.parquet", day=pa.array([int(d.strftime("%Y%m%d")) for d in DAYS], pa.int64()))
write("pyarrow-day-uint16.parquet", day=pa.array([(d - datetime.date(1970, 1, 1)).days for d in DAYS], pa.uint16()))
write("pyarrow-day-date64.parquet", day=pa.array(DAYS, pa.date64()))

fixed = pa.array([u.bytes for u in UUIDS], pa.binary(16))
write("pyarrow-id-uuid.parquet", client_id=pa.ExtensionArray.from_storage(pa.uuid(), fixed), store_schema=False)
write("pyarrow-id-fixed.parquet", client_id=fixed, error=": column client_id is FIXED_LEN_BYTE_ARRAY(16) without a logical type: ",
      way_out="--id client_id:uuid or --id client_id:varbinary")
write("pyarrow-id-fixed-deltas.parquet", client_id=fixed, use_dictionary=False, column_encoding={"client_id": "DELTA_BYTE_ARRAY"},
      error=": column client_id, FIXED_LEN_BYTE_ARRAY, has the encoding DELTA_BYTE_ARRAY, which is not read: ",
      way_out="write it with a dictionary or plain")
write("pyarrow-id-fixed-uuid.parquet", "--id", "client_id:uuid", client_id=fixed)
write("pyarrow-id-binary.parquet", client_id=pa.array([t.encode() for t in TEXTS], pa.binary()))
write("pyarrow-id-large.parquet", client_id=pa.array(TEXTS, pa.large_string()))
write("pyarrow-id-view.parquet", client_id=pa.array(TEXTS, pa.string_view()))
write("pyarrow-id-dictionary.parquet", client_id=pa.array(TEXTS).dictionary_encode())
for kind in ("int16", "int32", "int64", "uint16", "uint32", "uint64"):
    write(f"pyarrow-id-{kind}.parquet", client_id=pa.array(NUMBERS, getattr(pa, kind)()), ids="int")
for digits in (9, 18, 38):
    write(f"pyarrow-id-decimal-{digits}.parquet", ids="int",
          client_id=pa.array([decimal.Decimal(n) for n in NUMBERS], pa.decimal128(digits, 0)))
write("pyarrow-id-decimal256.parquet", ids="int", client_id=pa.array([decimal.Decimal(n) for n in NUMBERS], pa.decimal256(50, 0)))
write("pyarrow-id-decimal-int.parquet", ids="int", store_decimal_as_integer=True,
      client_id=pa.array([decimal.Decimal(n) for n in NUMBERS], pa.decimal128(9, 0)))
write("pyarrow-id-double.parquet", client_id=pa.array(NUMBERS, pa.float64()), error=": column client_id is DOUBLE, which cannot be an id: ",
      way_out="cast it to VARCHAR or BIGINT")
write("pyarrow-id-decimal-scale.parquet", client_id=pa.array([decimal.Decimal(n) for n in NUMBERS], pa.decimal128(9, 2)),
      error=": column client_id is DECIMAL(9,2), which cannot be an id: ", way_out="cast it to VARCHAR or BIGINT")

NESTED = "a list, map, struct or VARIANT"
for name, column, is_ in (
    ("double", pa.array(NUMBERS, pa.float64()), "DOUBLE"),
    ("timestamp", pa.array(noon, pa.timestamp("us")), "TIMESTAMP"),
    ("decimal", pa.array([decimal.Decimal(n) for n in NUMBERS], pa.decimal128(9, 2)), "DECIMAL(9,2)"),
    ("uint64", pa.array(NUMBERS, pa.uint64()), "UINT_64"),
    ("list", pa.array([[n] for n in NUMBERS]), NESTED),
    ("struct", pa.array([{"a": n} for n in NUMBERS]), NESTED),
    ("map", pa.array([[("a", n)] for n in NUMBERS], pa.map_(pa.string(), pa.int64())), NESTED),
    ("binary", pa.array([t.encode() for t in TEXTS], pa.binary()), "BYTE_ARRAY without a logical type"),
):
    why = "may be text or a sketch" if name == "binary" else "cannot be a dimension"
    write(f"pyarrow-{name}-column.parquet", more={"extra": column}, error=f": column extra is {is_}, which {why}: ", way_out="--exclude extra")
    write(f"pyarrow-{name}-column-excluded.parquet", "--exclude", "extra", more={"extra": column})
write("pyarrow-null-column.parquet", more={"extra": pa.nulls(len(DAYS))}, note="column extra: NULL in all rows")


class Keys(encryption.KmsClient):
    """Keys that are wrapped in nothing."""

    def __init__(self, config):
        encryption.KmsClient.__init__(self)

    def wrap_key(self, key_bytes, master_key_identifier):
        return base64.b64encode(key_bytes)

    def unwrap_key(self, wrapped_key, master_key_identifier):
        return base64.b64decode(wrapped_key)


def encrypted(encrypted_columns, plaintext_footer):
    """What write_table needs to encrypt columns, and the footer too or not."""
    config = encryption.EncryptionConfiguration(footer_key="footer", column_keys={"columns": encrypted_columns}, plaintext_footer=plaintext_footer)
    return encryption.CryptoFactory(Keys).file_encryption_properties(encryption.KmsConnectionConfig(), config)


WITHOUT = "write it without encryption, with a program that has its keys"
write("pyarrow-encrypted.parquet", encryption_properties=encrypted(["os"], False), error=": an encrypted Parquet file: ", way_out=WITHOUT)
write("pyarrow-encrypted-id.parquet", encryption_properties=encrypted(["client_id"], True),
      error=": column client_id is encrypted: ", way_out=WITHOUT)
write("pyarrow-encrypted-extra.parquet", encryption_properties=encrypted(["extra"], True), more={"extra": pa.array(TEXTS)},
      error=": column extra is encrypted: ", way_out=WITHOUT + ", or leave the column out with --exclude extra")
write("pyarrow-encrypted-extra-excluded.parquet", "--exclude", "extra", encryption_properties=encrypted(["extra"], True),
      more={"extra": pa.array(TEXTS)})
finish("pyarrow.json")

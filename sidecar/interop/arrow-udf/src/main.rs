// SPDX-License-Identifier: Apache-2.0

//! Calls functions of a sidecar with arrow-udf's client and prints the answers.
//!
//! usage: arrow-udf-client http://HOST:PORT ID...

use std::error::Error;
use std::sync::Arc;

use arrow_array::builder::{BinaryBuilder, ListBuilder};
use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use arrow_array::{Array, ArrayRef, BinaryArray, RecordBatch, StringArray};
use arrow_schema::Schema;
use arrow_udf_flight::{Client, Function};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Calls a function on columns of one length.
async fn answer(client: &Client, function: &str, columns: &[ArrayRef]) -> Result<RecordBatch> {
    let named = columns
        .iter()
        .enumerate()
        .map(|(i, column)| (format!("arg{i}"), column.clone()));
    let answer = client
        .call(function, &RecordBatch::try_from_iter(named)?)
        .await?;
    Ok(answer)
}

/// Calls a function and returns its column of results.
async fn call(client: &Client, function: &str, columns: &[ArrayRef]) -> Result<ArrayRef> {
    Ok(answer(client, function, columns).await?.column(0).clone())
}

/// Unites the sketches as RisingWave evaluates AGGREGATE:hll_union(sketch): one call with one array.
async fn aggregate(client: &Client, sketches: &ArrayRef) -> Result<ArrayRef> {
    let mut array = ListBuilder::new(BinaryBuilder::new());
    array.append_value(sketches.as_binary::<i32>().iter());
    let array: ArrayRef = Arc::new(array.finish());
    call(client, "hll_union(list<binary>)", &[array]).await
}

/// Calls hll_cardinality on a sketch and on bytes that are none, and prints the results and the errors.
async fn errors_by_row(client: &Client, sketches: &ArrayRef) -> Result<()> {
    let mixed: ArrayRef = Arc::new(BinaryArray::from_iter_values([
        sketches.as_binary::<i32>().value(0),
        b"?",
    ]));
    let answer = self::answer(client, "rows:hll_cardinality", &[mixed]).await?;
    let counts: Vec<_> = answer
        .column(0)
        .as_primitive::<Int64Type>()
        .iter()
        .collect();
    let errors: Vec<_> = answer.column(1).as_string::<i32>().iter().collect();
    println!("by row {counts:?} {errors:?}");
    let answer = self::answer(client, "rows:hll_cardinality", &[sketches.clone()]).await?;
    println!("without errors {} column", answer.num_columns());
    Ok(())
}

/// Calls hll_cardinality on a column of sketches.
async fn cardinalities(client: &Client, sketches: &ArrayRef) -> Result<Vec<i64>> {
    let counts = call(client, "hll_cardinality", &[sketches.clone()]).await?;
    Ok(counts.as_primitive::<Int64Type>().values().to_vec())
}

/// Writes a function as NAME(ARGUMENTS) -> RESULTS, in Arrow's types.
fn signature(function: &Function) -> String {
    let types = |schema: &Schema| {
        let each: Vec<_> = schema
            .fields()
            .iter()
            .map(|field| field.data_type().to_string())
            .collect();
        each.join(", ")
    };
    format!(
        "{}({}) -> {}",
        function.name,
        types(&function.args),
        types(&function.returns)
    )
}

/// Prints the protocol version and the signatures of the functions that main calls.
async fn describe(client: &Client) -> Result<()> {
    println!("protocol version {}", client.protocol_version());
    for name in [
        "hll_create",
        "hll_cardinality",
        "rows:hll_cardinality",
        "hll_union",
        "hll_union(list<binary>)",
    ] {
        println!("{}", signature(&client.get(name).await?));
    }
    for function in client
        .list()
        .await?
        .iter()
        .filter(|f| f.name.starts_with("hll_union("))
    {
        println!("listed {}", function.name);
    }
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let address = arguments
        .next()
        .ok_or("usage: arrow-udf-client http://HOST:PORT ID...")?;
    let ids: ArrayRef = Arc::new(StringArray::from_iter_values(arguments));
    let client = Client::connect(address).await?;
    describe(&client).await?;

    let sketches = call(&client, "hll_create", &[ids]).await?;
    println!(
        "cardinalities {:?}",
        cardinalities(&client, &sketches).await?
    );
    let mut union = sketches.slice(0, 1);
    for i in 1..sketches.len() {
        union = call(&client, "hll_union", &[union, sketches.slice(i, 1)]).await?;
    }
    println!("of their union {:?}", cardinalities(&client, &union).await?);
    let united = aggregate(&client, &sketches).await?;
    println!(
        "of their array {:?}",
        cardinalities(&client, &united).await?
    );
    errors_by_row(&client, &sketches).await?;

    let malformed: ArrayRef = Arc::new(BinaryArray::from_iter_values([b"?"]));
    match cardinalities(&client, &malformed).await {
        Err(error) => println!("rejected: {error}"),
        Ok(counts) => println!("not rejected: {counts:?}"),
    }
    Ok(())
}

// SPDX-License-Identifier: Apache-2.0

//! Calls functions of a sidecar with arrow-udf's client and prints the answers.
//!
//! usage: arrow-udf-client http://HOST:PORT ID...

use std::error::Error;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use arrow_array::{Array, ArrayRef, BinaryArray, RecordBatch, StringArray};
use arrow_schema::Schema;
use arrow_udf_flight::{Client, Function};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Calls a function on columns of one length and returns its column of results.
async fn call(client: &Client, function: &str, columns: &[ArrayRef]) -> Result<ArrayRef> {
    let named = columns
        .iter()
        .enumerate()
        .map(|(i, column)| (format!("arg{i}"), column.clone()));
    let answer = client
        .call(function, &RecordBatch::try_from_iter(named)?)
        .await?;
    Ok(answer.column(0).clone())
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
    for name in ["hll_create", "hll_cardinality", "hll_union"] {
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

    let malformed: ArrayRef = Arc::new(BinaryArray::from_iter_values([b"?"]));
    match cardinalities(&client, &malformed).await {
        Err(error) => println!("rejected: {error}"),
        Ok(counts) => println!("not rejected: {counts:?}"),
    }
    Ok(())
}

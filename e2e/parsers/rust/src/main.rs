// SPDX-License-Identifier: Apache-2.0
//! Parses SQL with sqlparser-rs: lines in, lines out, as parse.py says. Its generic dialect is the one for Trino.
use sqlparser::{dialect::GenericDialect, parser::Parser};
use std::io::BufRead;

fn main() {
    for line in std::io::stdin().lock().lines() {
        let statement: String = serde_json::from_str(&line.unwrap()).unwrap();
        let error = match Parser::parse_sql(&GenericDialect {}, &statement) {
            Ok(_) => String::new(),
            Err(e) => e.to_string().lines().next().unwrap_or("").to_string(),
        };
        println!("{}", serde_json::to_string(&error).unwrap());
    }
}

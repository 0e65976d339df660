// Package wire is how the functions look on the wire: their names, schemas and values in Arrow, and the
// messages of Arrow Flight that carry them. PROTOCOL.md says what it does for those who write clients.
//
// What there is follows from udf's table; nothing is listed here again.
package wire

// Package rest answers PrestoDB's REST functions: an unmodified PrestoDB reads the catalogue of the scalar functions
// and sends pages of their arguments.
//
//	HEAD GET  /v1/functions                                         the catalogue, with an ETag
//	GET       /v1/functions/{schema}                                the same
//	GET       /v1/functions/{schema}/{function}                     the signatures of a name
//	POST      /v1/functions/{schema}/{function}/{id}/{version}      a page in, a page of one channel out
//
// HLL is varbinary here, and every sketch is checked. It keeps nothing between calls.
//
// PrestoDB shows the body of no answer but 200 to the person who wrote the query. So an error is a page that it
// cannot read, whose message it does show ([prestopage.AppendRefusal]); who does not accept pages gets a status and
// the text.
package rest
